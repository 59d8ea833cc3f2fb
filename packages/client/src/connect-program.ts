import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
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

/**
 * Run a program whose stdin and stdout stand for the connection to a daemon. As with rsync both are one TCP
 * socket of this host: `rsync --daemon` wants one there, and asks it who is calling.
 */
export async function startConnectProgram(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal | undefined,
): Promise<StreamConnection> {
  const shell = env.RSYNC_SHELL || '/bin/sh';
  const [socket, inherited] = await socketPair();
  const child = spawn(shell, ['-c', command], {
    env: { ...env },
    stdio: [inherited, inherited, 'inherit'],
  });
  inherited.destroy();
  const kill = (): void => {
    child.kill('SIGTERM');
  };
  // A program that cannot be started shows itself as a connection that ends at once.
  child.on('error', () => {});
  signal?.addEventListener('abort', kill, { once: true });
  child.once('close', () => signal?.removeEventListener('abort', kill));
  return connectStreams(socket, socket, { kind: 'socket' });
}

/** Two ends of one connection: what somebody else connects is not taken for it. */
async function socketPair(): Promise<[Socket, Socket]> {
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
  const arrived: Socket[] = [];
  server.on('connection', (socket: Socket) => arrived.push(socket));
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const near = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    await once(near, 'connect');
    for (;;) {
      const far = arrived.find(({ remotePort }) => remotePort === near.localPort);
      if (far !== undefined) {
        for (const other of arrived) if (other !== far) other.destroy();
        return [near, far];
      }
      await once(server, 'connection');
    }
  } finally {
    server.close();
  }
}
