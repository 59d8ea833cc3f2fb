import type { MatchOp } from './delta-op.ts';

/** A run of matches is handed out at the latest after this many bytes, so that the caller gets its turn. */
const MAX_RUN_BYTES = 4 * 1024 * 1024;

/** Joins matches of consecutive blocks into one op. */
export class MatchRun {
  /** Blocks joined so far; 0 when there is nothing to take. */
  count = 0;
  #block = 0;
  readonly #maxCount: number;

  constructor(blockLength: number) {
    this.#maxCount = Math.max(1, Math.floor(MAX_RUN_BYTES / blockLength));
  }

  /** Does the block continue the run (or begin one)? If not, the run must be taken first. */
  accepts(block: number): boolean {
    return this.count === 0 || (block === this.#block + this.count && this.count < this.#maxCount);
  }

  /** Add `count` blocks from one that the run accepts; tells how many of them it took. */
  add(block: number, count = 1): number {
    if (this.count === 0) this.#block = block;
    const taken = Math.min(count, this.#maxCount - this.count);
    this.count += taken;
    return taken;
  }

  /** The run so far, as an op; the next run starts empty. */
  take(): MatchOp {
    const op: MatchOp = { kind: 'match', block: this.#block, count: this.count };
    this.count = 0;
    return op;
  }
}
