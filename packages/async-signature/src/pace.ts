/** A batch shorter than this wastes time on handing over, milliseconds. */
const SHORT_MS = 4;

/** A batch longer than this keeps urgent work and early results waiting, milliseconds. */
const LONG_MS = 16;

const MIN_BYTES = 256 * 1024;
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_FILES = 256;

/** What a file costs beyond its bytes, in bytes. */
const FILE_COST_BYTES = 16 * 1024;

/** Waiting work that justifies one more thread, milliseconds; starting one costs about 50 ms of CPU. */
const WORK_PER_THREAD_MS = 20;

/**
 * How fast batches go, and what follows for their size and for the number of threads.
 *
 * Small files share a batch. On a slow disk batches become small, so that results come early, and
 * threads many; with a fast one batches become large, so that threads are kept busy.
 */
export class Pace {
  /** Bytes of file after which a batch is full. */
  batchBytes: number = 1024 * 1024;
  /** Files after which a batch is full. */
  batchFiles = 64;
  /** Milliseconds per byte, where a file counts as {@link FILE_COST_BYTES} more than it has. */
  #msPerByte = 1e-6;

  /** Learn from a batch of `files` files and `bytes` bytes that took `ms` milliseconds. */
  learn(ms: number, bytes: number, files: number): void {
    this.#msPerByte += (ms / (bytes + files * FILE_COST_BYTES) - this.#msPerByte) / 4;
    if (ms > LONG_MS && files > 1) {
      this.batchBytes = Math.max(MIN_BYTES, this.batchBytes / 2);
      this.batchFiles = Math.max(1, this.batchFiles >> 1);
    } else if (ms < SHORT_MS && (bytes >= this.batchBytes / 2 || files >= this.batchFiles / 2)) {
      // Only a batch that was about full says anything about the size.
      this.batchBytes = Math.min(MAX_BYTES, this.batchBytes * 2);
      this.batchFiles = Math.min(MAX_FILES, this.batchFiles * 2);
    }
  }

  /** How many threads so much unfinished work is worth, at least one. */
  threadsFor(bytes: number, files: number): number {
    const ms = (bytes + files * FILE_COST_BYTES) * this.#msPerByte;
    return 1 + Math.floor(ms / WORK_PER_THREAD_MS);
  }
}
