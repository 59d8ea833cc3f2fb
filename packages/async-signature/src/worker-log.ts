import type { BatchReply } from './job.ts';
import type { WorkerStats } from './stats.ts';

interface Entry {
  batches: number;
  busyMs: number;
  /** `performance.now()` of this thread. */
  readonly firstAt: number;
  lastAt: number;
}

/** Threads whose figures are kept; a pool that sleeps and wakes for days has many. */
const MAX_ENTRIES = 64;

/** Keeps what each worker thread did. */
export class WorkerLog {
  readonly #entries = new Map<number, Entry>();

  add({ threadId, busyMs }: BatchReply): void {
    const now = performance.now();
    let entry = this.#entries.get(threadId);
    if (entry === undefined) {
      entry = { batches: 0, busyMs: 0, firstAt: now - busyMs, lastAt: now };
      this.#entries.set(threadId, entry);
      const oldest = this.#entries.keys().next().value;
      if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
    }
    entry.batches++;
    entry.busyMs += busyMs;
    entry.lastAt = now;
  }

  stats(): WorkerStats[] {
    return [...this.#entries].map(([threadId, { batches, busyMs, firstAt, lastAt }]) => ({
      threadId,
      batches,
      busyMs,
      idleMs: Math.max(0, lastAt - firstAt - busyMs),
    }));
  }
}
