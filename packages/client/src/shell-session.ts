import type { RsyncOptions } from '@deltawire/options';
import { ExitCode, RsyncError, textToBytes } from '@deltawire/protocol';
import type { TransferResult } from '@deltawire/transfer';
import type { RemoteEndpoints } from './endpoints.ts';
import {
  explainShellStatus,
  mergeExitCode,
  type RemoteShell,
  type RemoteShellTarget,
  remoteShellCommand,
  startRemoteShell,
} from './remote-shell.ts';
import type { Environment, RunSyncOptions } from './run-options.ts';

/** Milliseconds that a remote shell gets to report its status after the connection broke. */
const STATUS_WAIT = 1000;

/** What the remote shell is to start. `args` are the server's arguments. */
export function shellTarget(
  options: RsyncOptions,
  env: Environment,
  remote: RemoteEndpoints,
  args: readonly string[],
  daemon: boolean,
): RemoteShellTarget {
  const { RSYNC_RSH } = env;
  return {
    rsh: options.rsh ?? (RSYNC_RSH === undefined ? undefined : textToBytes(RSYNC_RSH)),
    user: remote.user,
    host: remote.host,
    ipFamily: options.ipFamily,
    rsyncPath: options.rsyncPath,
    serverArguments: args,
    daemon,
  };
}

/** Run a transfer over a remote shell, and merge how the shell ended into its result. */
export async function withShell(
  remote: RemoteEndpoints,
  target: RemoteShellTarget,
  env: Environment,
  { signal, onRemoteStderr }: Pick<RunSyncOptions, 'signal' | 'onRemoteStderr'>,
  transfer: (shell: RemoteShell) => Promise<TransferResult>,
): Promise<TransferResult> {
  const shell = await startRemoteShell(remoteShellCommand(target), {
    env,
    signal,
    onStderr: onRemoteStderr,
  });
  try {
    const result = await transfer(shell);
    await shell.connection.end();
    const { status } = await shell.exited;
    // A daemon that has listed its modules ends with whatever status.
    if (remote.kind === 'daemon' && remote.module === '') return result;
    return { ...result, exitCode: mergeExitCode(remote.role, result.exitCode, status) };
  } catch (error) {
    throw signal?.aborted ? error : await explained(error, shell, target);
  } finally {
    shell.kill();
    await shell.connection.close();
    await shell.release();
  }
}

/** A broken connection often has its reason in the shell's status, which then counts. */
async function explained(
  error: unknown,
  shell: RemoteShell,
  target: RemoteShellTarget,
): Promise<unknown> {
  if (!(error instanceof RsyncError)) return error;
  // A daemon that says why it ends has been reached, whatever its status.
  if (error.code === 'DAEMON_ERROR') return error;
  if (error.exitCode !== ExitCode.STREAM && error.exitCode !== ExitCode.START_CLIENT) return error;
  const waited = new Promise<{ status: number }>((resolve) => {
    setTimeout(resolve, STATUS_WAIT, { status: 0 }).unref();
  });
  const { status } = await Promise.race([shell.exited, waited]);
  if (status <= error.exitCode) return error;
  const reason = explainShellStatus(status, target);
  const message = reason === '' ? error.message : `${error.message}\n${reason}`;
  const exitCode = error.code === 'DAEMON_START' ? error.exitCode : status;
  return new RsyncError(message, { code: 'REMOTE_SHELL', exitCode, cause: error });
}
