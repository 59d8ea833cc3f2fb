import { formatCount } from './humanize.ts';
import type { TextSink } from './writer.ts';

/** Totals of a transfer in progress; sizes in bytes. */
export interface BarState {
  readonly bytes: number;
  /** Bytes known so far; grows while incremental lists arrive. */
  readonly totalBytes: number;
  readonly transferred: number;
  readonly toCheck: number;
  readonly total: number;
}

const REDRAW_MS = 100;
/** Short transfers end without ever showing a bar. */
const PATIENCE_MS = 500;
const CELLS = 24;

/**
 * One line at the bottom of the terminal (standard error). The share shown never shrinks, although
 * the total grows while lists arrive: a bar that goes backwards tells nobody anything.
 */
export class ProgressBar {
  readonly #sink: TextSink;
  readonly #now: () => number;
  readonly #columns: () => number;
  readonly #start: number;
  #drawnAt = 0;
  #visible = false;
  #share = 0;

  constructor(sink: TextSink, o: { now?: () => number; columns?: () => number } = {}) {
    this.#sink = sink;
    this.#now = o.now ?? Date.now;
    this.#columns = o.columns ?? (() => process.stderr.columns ?? 80);
    this.#start = this.#now();
  }

  /** The share of the work that is shown as done, 0..1. */
  get share(): number {
    return this.#share;
  }

  /** Draw the state if it is time to. */
  update(state: BarState): void {
    const now = this.#now();
    this.#share = Math.max(this.#share, Math.min(1, doneShare(state)));
    if (now - this.#start < PATIENCE_MS || now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    this.#visible = true;
    this.#sink.write(`\r\x1b[K${this.#line(state, now)}`);
  }

  /** Take the line away, before other output or at the end. */
  clear(): void {
    if (!this.#visible) return;
    this.#visible = false;
    this.#drawnAt = 0;
    this.#sink.write('\r\x1b[K');
  }

  #line(state: BarState, now: number): string {
    const seconds = (now - this.#start) / 1000;
    const filled = Math.floor(this.#share * CELLS);
    const bar = `[${'='.repeat(filled)}${filled < CELLS ? '>' : ''}`.padEnd(CELLS + 1);
    const checked = state.total - state.toCheck;
    const line =
      `${Math.floor(this.#share * 100)
        .toString()
        .padStart(3)}% ${bar}] ` +
      `${formatCount(checked, 1)}/${formatCount(state.total, 1)} files  ` +
      `${formatCount(state.bytes, 2)}B  ${formatCount(Math.round(state.bytes / seconds), 2)}B/s`;
    return line.slice(0, Math.max(10, this.#columns() - 1));
  }
}

/**
 * Files and bytes count alike: what is up to date adds nothing to the bytes, one huge file nearly
 * nothing to the files.
 */
function doneShare(state: BarState): number {
  if (state.total === 0) return 0;
  const files = (state.total - state.toCheck) / state.total;
  return state.totalBytes > 0 ? (files + state.bytes / state.totalBytes) / 2 : files;
}
