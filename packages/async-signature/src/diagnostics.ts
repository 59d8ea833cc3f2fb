import { channel } from 'node:diagnostics_channel';
import type { PoolStats } from './stats.ts';

/** Name of the `node:diagnostics_channel` on which {@link PoolMessage}s are published. */
export const POOL_CHANNEL: string = 'deltawire:signature-pool';

/** What the pool publishes. */
export type PoolMessage =
  | {
      /** A request has got its answer. */
      readonly kind: 'settled';
      readonly ndx: number | undefined;
      readonly outcome: 'done' | 'failed' | 'cancelled' | 'inline';
      /** Bytes of file. */
      readonly fileLength: number;
      /** From asking to answer, milliseconds. */
      readonly totalMs: number;
    }
  | {
      /** A worker has answered a batch. */
      readonly kind: 'batch';
      readonly files: number;
      readonly bytesRead: number;
      readonly busyMs: number;
      readonly threadId: number;
      readonly stats: PoolStats;
    };

const poolChannel = channel(POOL_CHANNEL);

/** Publish what `message` makes, if anybody listens. */
export function publish(message: () => PoolMessage): void {
  if (poolChannel.hasSubscribers) poolChannel.publish(message());
}
