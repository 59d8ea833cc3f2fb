import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import { errnoText } from '@deltawire/filesystem';
import { RsyncError } from '@deltawire/protocol';

const MAX_PORT = 65_535;

/** Where a daemon listens and how to reach it. */
export interface TcpTarget {
  readonly host: string;
  readonly port: number;
  /** `--address`: the local address to connect from. */
  readonly localAddress?: string | undefined;
  /** 0 for either family. */
  readonly ipFamily: 0 | 4 | 6;
  /** `--contimeout` in seconds; 0 for none. */
  readonly connectTimeout: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Connect to a daemon, trying every address of the host in turn (docs/spec/session.md §3.7).
 * Throws `RsyncError` with exit code 10 when none answers and 35 when the time is up.
 */
export async function connectTcp(target: TcpTarget): Promise<Socket> {
  if (target.port < 0 || target.port > MAX_PORT) {
    const message = `port ${target.port} does not exist: ports are numbers up to ${MAX_PORT}`;
    throw new RsyncError(message, { code: 'CONNECT_FAILED', exitCode: 10 });
  }
  const timeout = target.connectTimeout * 1000;
  const deadline = timeout > 0 ? AbortSignal.timeout(timeout) : undefined;
  const signals = [target.signal, deadline].filter((signal) => signal !== undefined);
  const signal = AbortSignal.any(signals);
  try {
    return await connectAny(target, signal);
  } catch (error) {
    target.signal?.throwIfAborted();
    if (!deadline?.aborted) throw error;
    throw new RsyncError('timeout waiting for daemon connection', {
      code: 'CONNECT_TIMEOUT',
      exitCode: 35,
      cause: error,
    });
  }
}

async function connectAny(target: TcpTarget, signal: AbortSignal): Promise<Socket> {
  const failures: string[] = [];
  for (const address of await addresses(target, signal)) {
    try {
      return await connectOne(target, address, signal);
    } catch (error) {
      signal.throwIfAborted();
      failures.push(`failed to connect to ${target.host} (${address}): ${errnoText(error)}`);
    }
  }
  throw new RsyncError(failures.join('\n'), { code: 'CONNECT_FAILED', exitCode: 10 });
}

async function addresses(target: TcpTarget, signal: AbortSignal): Promise<string[]> {
  const family = target.ipFamily;
  try {
    const found = await abortable(lookup(target.host, { all: true, family }), signal);
    return found.map(({ address }) => address);
  } catch (cause) {
    signal.throwIfAborted();
    throw new RsyncError(`getaddrinfo: ${target.host} ${target.port}: Name or service not known`, {
      code: 'HOST_NOT_FOUND',
      exitCode: 10,
      cause,
    });
  }
}

/** A lookup cannot be cancelled, only left behind. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function connectOne(target: TcpTarget, address: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: address,
      port: target.port,
      noDelay: true,
      keepAlive: true,
      // The end of the peer's data is not the end of ours (lesson: half-close, then read to end).
      allowHalfOpen: true,
      ...(target.localAddress === undefined ? {} : { localAddress: target.localAddress }),
    });
    const settle = (error?: unknown): void => {
      signal.removeEventListener('abort', abort);
      socket.off('error', settle);
      socket.off('connect', connected);
      if (error === undefined) {
        resolve(socket);
      } else {
        socket.destroy();
        reject(error);
      }
    };
    const abort = (): void => settle(signal.reason);
    const connected = (): void => settle();
    socket.once('error', settle);
    socket.once('connect', connected);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}
