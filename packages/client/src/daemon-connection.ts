import { setSocketOptions } from '@deltawire/filesystem';
import type { RsyncOptions } from '@deltawire/options';
import { bytesToText } from '@deltawire/protocol';
import { type Connection, connectStreams } from '@deltawire/transfer';
import { connectCommand, startConnectProgram } from './connect-program.ts';
import { DAEMON_PORT, type RemoteEndpoints } from './endpoints.ts';
import { parseProxy, tunnel } from './http-proxy.ts';
import type { RunMessages } from './run-messages.ts';
import type { Environment } from './run-options.ts';
import { connectTcp } from './tcp.ts';

/** Milliseconds to connect to a daemon that is near: see `HandshakeStart`. */
const NEARBY_MS = 20;

/** A connection to a daemon, before anything has been said. */
export interface DaemonConnection {
  readonly connection: Connection;
  /** Whether the daemon answers at once. */
  readonly nearby: boolean;
}

/** Connect as the environment says: through RSYNC_CONNECT_PROG, RSYNC_PROXY, or by TCP. */
export async function connectToDaemon(
  remote: RemoteEndpoints,
  options: RsyncOptions,
  env: Environment,
  messages: RunMessages,
  signal: AbortSignal | undefined,
): Promise<DaemonConnection> {
  const program = env.RSYNC_CONNECT_PROG;
  const host = bytesToText(remote.host);
  if (program) {
    const connection = await startConnectProgram(connectCommand(program, host), env, signal);
    return { connection, nearby: false };
  }
  const { address, sockopts = '' } = options;
  const port = remote.port ?? options.port ?? DAEMON_PORT;
  const proxy = env.RSYNC_PROXY ? parseProxy(env.RSYNC_PROXY) : undefined;
  messages.connecting(1, `opening tcp connection to ${remote.host} port ${port}`);
  const since = performance.now();
  const socket = await connectTcp({
    host: proxy?.host ?? host,
    port: proxy?.port ?? port,
    localAddress: address === undefined ? undefined : bytesToText(address),
    ipFamily: options.ipFamily,
    connectTimeout: options.contimeout,
    signal,
  });
  messages.connecting(2, `Connected to ${remote.host} (${socket.remoteAddress})`);
  const end = remote.role === 'sender' ? 'sender' : 'Receiver';
  for (const problem of setSocketOptions(socket, sockopts, end)) messages.complain(problem);
  const connection = connectStreams(socket, socket, { kind: 'socket' });
  if (proxy === undefined) return { connection, nearby: performance.now() - since < NEARBY_MS };
  try {
    return { connection: await tunnel(connection, proxy, host, port), nearby: false };
  } catch (error) {
    await connection.close();
    throw error;
  }
}
