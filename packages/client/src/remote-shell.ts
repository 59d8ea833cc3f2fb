import { type ChildProcess, spawn } from 'node:child_process';
import { errnoCode, errnoText } from '@deltawire/filesystem';
import { splitShellCommand } from '@deltawire/options';
import { bytesToText, RsyncError } from '@deltawire/protocol';
import { connectStreams, type StreamConnection } from '@deltawire/transfer';
import { commandArguments } from './command-arguments.ts';

/** What the remote shell's command line is made of; all byte strings. */
export interface RemoteShellTarget {
  /** `-e`, or RSYNC_RSH; undefined for ssh. */
  readonly rsh?: string | undefined;
  readonly user?: string | undefined;
  readonly host: string;
  /** `-4` or `-6`, which only ssh is known to understand; 0 for neither. */
  readonly ipFamily: 0 | 4 | 6;
  /** Default `rsync`. One argument, which the remote shell splits. */
  readonly rsyncPath?: string | undefined;
  /** From `--server` on, already quoted for the remote shell. */
  readonly serverArguments: readonly string[];
  /** A daemon is started at the other end (`-e` with `host::module`). */
  readonly daemon: boolean;
}

/** The whole command line, as docs/spec/session.md §3.2 orders it. */
export function remoteShellCommand(target: RemoteShellTarget): string[] {
  const command = splitShellCommand(target.rsh ?? 'ssh');
  const shell = command[0] ?? '';
  const namesUser = target.daemon && command.includes('-l');
  if (target.user !== undefined && !namesUser) command.push('-l', target.user);
  if (target.ipFamily !== 0 && shell.slice(shell.lastIndexOf('/') + 1) === 'ssh') {
    command.push(`-${target.ipFamily}`);
  }
  command.push(target.host, target.rsyncPath ?? 'rsync', ...target.serverArguments);
  return command;
}

/** How the remote shell ended; a signal counts as status 0, as rsync counts it. */
export interface ShellExit {
  readonly status: number;
  readonly signal: NodeJS.Signals | null;
}

/** A running remote shell. */
export interface RemoteShell {
  readonly connection: StreamConnection;
  /** Settles when the process is gone, never rejects. */
  readonly exited: Promise<ShellExit>;
  /** End the process: politely at first, by force after two seconds. */
  kill(): void;
  /** Take the rest of a captured stderr and let go of it, whoever else may still hold it. */
  release(): Promise<void>;
}

/** Settings of `startRemoteShell`. */
export interface RemoteShellOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gets what the remote side prints; without it stderr is the caller's own. */
  readonly onStderr?: ((chunk: Uint8Array) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds between asking the remote shell to end and forcing it. */
const KILL_DELAY = 2000;
/** Milliseconds for the last words on stderr after the transfer. */
const STDERR_WAIT = 200;

/**
 * Start a remote shell whose stdin and stdout are the connection. Throws `RsyncError` with exit
 * code 14 when the program cannot be run.
 */
export async function startRemoteShell(
  command: readonly string[],
  o: RemoteShellOptions,
): Promise<RemoteShell> {
  const { file, args } = commandArguments(command);
  const child = spawn(file, args, {
    env: { ...o.env },
    stdio: ['pipe', 'pipe', o.onStderr ? 'pipe' : 'inherit'],
  });
  const exited = new Promise<ShellExit>((resolve) => {
    child.once('exit', (status, signal) => resolve({ status: status ?? 0, signal }));
  });
  await started(child, command[0] ?? '');
  if (!child.stdin || !child.stdout) throw new Error('the remote shell has no pipes');
  if (o.onStderr) child.stderr?.on('data', o.onStderr);
  const kill = (): void => killChild(child);
  o.signal?.addEventListener('abort', kill, { once: true });
  void exited.then(() => o.signal?.removeEventListener('abort', kill));
  if (o.signal?.aborted) kill();
  const connection = connectStreams(child.stdout, child.stdin, { kind: 'pipe' });
  return { connection, exited, kill, release: () => releaseStderr(child) };
}

/** A process in the background (an ssh master) may never close the pipe. */
async function releaseStderr({ stderr }: ChildProcess): Promise<void> {
  if (!stderr || stderr.closed) return;
  await new Promise<void>((resolve) => {
    stderr.once('close', resolve);
    setTimeout(() => stderr.destroy(), STDERR_WAIT).unref();
  });
}

function started(child: ChildProcess, program: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    // Also catches failures after the start (a signal that cannot be sent): they end in `exit`.
    child.on('error', (cause) => reject(spawnError(program, cause)));
  });
}

function spawnError(program: string, cause: unknown): RsyncError {
  const hint =
    errnoCode(cause) === 'ENOENT'
      ? '\nInstall an ssh client, or name another remote shell with -e or RSYNC_RSH.'
      : '';
  const name = bytesToText(program);
  return new RsyncError(`Failed to exec ${name}: ${errnoText(cause)}${hint}`, {
    code: 'SHELL_NOT_FOUND',
    exitCode: 14,
    cause,
  });
}

function killChild(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), KILL_DELAY);
  child.once('exit', () => clearTimeout(force));
}

/**
 * The exit code of a finished transfer (docs/spec/session.md §10.1): a pull takes the larger of
 * the shell's status and its own, a push takes the shell's when there is one.
 */
export function mergeExitCode(role: 'sender' | 'receiver', own: number, shell: number): number {
  return role === 'receiver' ? Math.max(own, shell) : shell || own;
}

/** What to tell the user when the shell's status explains a broken connection. */
export function explainShellStatus(status: number, target: RemoteShellTarget): string {
  const host = bytesToText(target.host);
  const program = bytesToText(target.rsyncPath ?? 'rsync');
  switch (status) {
    case 127:
      return `${program} was not found on ${host}: install rsync there, or name it with --rsync-path.`;
    case 126:
      return `${program} could not be run on ${host}: is it executable?`;
    case 255:
      return `The remote shell could not reach ${host}.`;
    default:
      return '';
  }
}
