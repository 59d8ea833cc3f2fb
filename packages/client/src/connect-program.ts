import { spawn } from 'node:child_process';
import { bytesToText, RsyncError } from '@deltawire/protocol';
import { connectStreams, type StreamConnection } from '@deltawire/transfer';

/** Hosts that may be put into a shell command. */
const SAFE_HOST = /^[A-Za-z0-9._:%+~-]+$/;
const UNSAFE_START = /^[-+~%]/;

/**
 * The command of RSYNC_CONNECT_PROG with `%H` replaced by the quoted host and `%%` by `%`
 * (docs/spec/session.md §3.7). Throws with exit code 1 for a host that a shell could misread.
 */
export function connectCommand(template: string, host: string): string {
  if (!template.includes('%')) return template;
  if (!SAFE_HOST.test(host) || UNSAFE_START.test(host)) {
    throw new RsyncError(`host name "${bytesToText(host)}" cannot be used in RSYNC_CONNECT_PROG`, {
      code: 'UNSAFE_HOST',
      exitCode: 1,
    });
  }
  return template.replaceAll(/%([H%])/g, (_, letter) => (letter === 'H' ? `'${host}'` : '%'));
}

/** Run a program whose stdin and stdout stand for the connection to a daemon. */
export function startConnectProgram(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal | undefined,
): StreamConnection {
  const shell = env.RSYNC_SHELL || '/bin/sh';
  const child = spawn(shell, ['-c', command], {
    env: { ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const kill = (): void => {
    child.kill('SIGTERM');
  };
  // A program that cannot be started shows itself as a connection that ends at once.
  child.on('error', () => {});
  signal?.addEventListener('abort', kill, { once: true });
  child.once('close', () => signal?.removeEventListener('abort', kill));
  return connectStreams(child.stdout, child.stdin, { kind: 'pipe' });
}
