/**
 * Entry of the process that serves one connection: it waits for a socket, serves it and exits.
 * Being alone it may give up root, and a crash or a slow disk is nobody else's.
 */
import type { Socket } from 'node:net';
import { connectStreams } from '@deltawire/transfer';
import type { FromConnection, ToConnection } from './connection-messages.ts';
import { serveConnection } from './serve-connection.ts';
import type { ReleaseSlot, ServeContext } from './serve-context.ts';
import { connectionOptions } from './socket-options.ts';

/** Milliseconds between the request to end and the end, for temporary files to be removed. */
const GRACE = 1500;

const send = (message: FromConnection): void => {
  if (process.connected) process.send?.(message);
};

const abort = new AbortController();
let serving = false;
let answerClaim: ((granted: boolean) => void) | undefined;

function end(): void {
  if (!serving) process.exit(0);
  abort.abort();
  setTimeout(() => process.exit(20), GRACE).unref();
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
// A spare without a daemon has nothing to wait for; a running transfer goes on to its end.
process.on('disconnect', () => {
  if (!serving) process.exit(0);
});

process.on('message', (message: ToConnection, socket?: Socket) => {
  if (message.kind === 'claimed') return answerClaim?.(message.granted);
  serving = true;
  void serve(message, socket)
    .catch((error: unknown) => send({ kind: 'log', line: String(error) }))
    .finally(leave);
});

/** Messages are sent in order: when this one is out, the log lines before it are too. */
function leave(): void {
  if (!process.connected) process.exit(0);
  const ended: FromConnection = { kind: 'ended' };
  process.send?.(ended, undefined, undefined, () => process.exit(0));
}

async function serve(
  message: Extract<ToConnection, { kind: 'serve' }>,
  socket: Socket | undefined,
): Promise<void> {
  // The peer may have gone while its socket was on the way.
  if (!socket) return;
  socket.allowHalfOpen = true;
  const { global } = message.settings;
  const { keepAlive, noDelay } = connectionOptions(global.socketOptions);
  socket.setKeepAlive(keepAlive);
  socket.setNoDelay(noDelay);
  const context: ServeContext = {
    settings: message.settings,
    env: process.env,
    syslog: message.syslog,
    pipeline: message.pipeline,
    ownProcess: true,
    deadlines: true,
    signal: abort.signal,
    ...(message.forwardLog ? { onLog: (line) => send({ kind: 'log', line }) } : {}),
    claimSlot,
  };
  await serveConnection(connectStreams(socket, socket, { kind: 'socket' }), message.peer, context);
}

/** Places are counted by the daemon; leaving this process gives ours back. */
function claimSlot(lockFile: string, max: number): Promise<ReleaseSlot | undefined> {
  return new Promise((resolve) => {
    answerClaim = (granted) => resolve(granted ? () => {} : undefined);
    send({ kind: 'claim', lockFile, max });
  });
}

send({ kind: 'ready' });
