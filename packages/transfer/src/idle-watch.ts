import { ExitCode, RsyncError } from '@deltawire/protocol';
import type { Wire } from './wire.ts';

/** What is watched, and for how long nothing may move. */
export interface IdleWatchOptions {
  /** Seconds without a byte in either direction; 0 watches nothing. */
  readonly seconds: number;
  /** Who complains, as rsync names its processes. */
  role(): string;
  /** Whether this side lets the peer know that it lives. An early receiving side does not. */
  keepsAlive(): boolean;
}

/** How often a watch looks, milliseconds. */
const LOOK_MS = 500;

/**
 * Send empty frames into long pauses, and fail the wire with exit code 30 when nothing has been
 * read or written for too long (docs/spec/session.md §10.3). Returns a function that stops it.
 */
export function watchIdle(wire: Wire, o: IdleWatchOptions): () => void {
  if (o.seconds === 0) return () => {};
  const lullMs = Math.ceil(o.seconds / 2) * 1000;
  const look = (): void => {
    const now = performance.now();
    const idleMs = now - wire.lastActivity;
    if (idleMs > o.seconds * 1000) wire.fail(timedOut(o.role(), idleMs));
    else if (o.keepsAlive() && now - wire.lastWrite >= lullMs) wire.keepAlive();
  };
  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** What `--timeout` ends a run with. */
export function timedOut(role: string, idleMs: number): RsyncError {
  const seconds = Math.floor(idleMs / 1000);
  return new RsyncError(`[${role}] io timeout after ${seconds} seconds -- exiting`, {
    code: 'IO_TIMEOUT',
    exitCode: ExitCode.TIMEOUT,
  });
}
