import { formatCount, type HumanLevel } from './humanize.ts';

/** The part of a progress event that rsync's lines show; sizes in bytes. */
export interface ProgressSnapshot {
  readonly bytes: number;
  readonly size: number;
  readonly files: {
    readonly transferred: number;
    readonly toCheck: number;
    readonly total: number;
    readonly listsComplete: boolean;
  };
}

/** rsync reports once a second and computes the rate over the last five reports. */
const INTERVAL_MS = 1000;
const HISTORY = 5;

interface Tick {
  readonly time: number;
  readonly bytes: number;
}

/**
 * Speed and time of one progress line.
 *
 * @param rate KiB per second
 * @param seconds remaining, or elapsed on a last line
 */
export function formatProgressLine(
  snapshot: ProgressSnapshot,
  rate: number,
  seconds: number,
  end: string,
  human: HumanLevel,
): string {
  const { bytes, size } = snapshot;
  const percent = bytes === size ? 100 : size > 0 ? Math.trunc((100 * bytes) / size) : 0;
  const [speed, unit] =
    rate > 1024 * 1024
      ? [rate / (1024 * 1024), 'GB/s']
      : rate > 1024
        ? [rate / 1024, 'MB/s']
        : [rate, 'kB/s'];
  const count = formatCount(bytes, human).padStart(15);
  const pace = `${speed.toFixed(2).padStart(7)}${unit}`;
  return `\r${count} ${percent.toString().padStart(3)}% ${pace} ${clock(seconds)}${end}`;
}

function clock(seconds: number): string {
  if (!(seconds >= 0 && seconds <= 9999 * 3600)) return '  ??:??:??';
  const whole = Math.trunc(seconds);
  const part = (n: number): string => (n % 60).toString().padStart(2, '0');
  const hours = Math.trunc(whole / 3600);
  return `${hours.toString().padStart(4)}:${part(Math.trunc(whole / 60))}:${part(whole)}`;
}

const counters = ({ files }: ProgressSnapshot): string =>
  ` (xfr#${files.transferred}, ${files.listsComplete ? 'to' : 'ir'}-chk=${files.toCheck}/${files.total})`;

/**
 * Decides when a progress line is due and what it says. One meter serves `--progress` (it starts
 * anew with every file) and `--info=progress2` (it runs through). Source: docs/spec/data.md §13.3.
 *
 * @param wholeTransfer progress2: one line for everything, padded when it gets shorter
 */
export class ProgressMeter {
  readonly #wholeTransfer: boolean;
  readonly #human: HumanLevel;
  #start: Tick | undefined;
  #history: Tick[] = [];
  #shown = false;
  #lastEnd = 0;

  constructor(wholeTransfer: boolean, human: HumanLevel) {
    this.#wholeTransfer = wholeTransfer;
    this.#human = human;
  }

  /** A file begins; only the per-file meter cares. `now` in milliseconds. */
  begin(now: number): void {
    if (this.#wholeTransfer && this.#start) return;
    this.#start = undefined;
    this.#note({ time: now, bytes: 0 });
  }

  /** A line for a file in progress, or undefined when none is due yet. */
  update(snapshot: ProgressSnapshot, now: number): string | undefined {
    let due = false;
    if (!this.#start) {
      this.#note({ time: now, bytes: snapshot.bytes });
      due = true;
    } else if (this.#history.length === 1 && !this.#shown) {
      due = true;
    } else if (now - this.#history.at(-1)!.time >= INTERVAL_MS) {
      this.#note({ time: now, bytes: snapshot.bytes });
      due = true;
    }
    if (!due) return undefined;
    this.#shown = true;
    return this.#progress(snapshot, now);
  }

  /** The line for a finished file: elapsed time, counters, and a line feed unless progress2. */
  finish(snapshot: ProgressSnapshot, now: number): string {
    const start = this.#start ?? { time: now, bytes: 0 };
    let end = counters(snapshot);
    if (this.#wholeTransfer) {
      const length = end.length;
      end = end.padEnd(this.#lastEnd);
      this.#lastEnd = length;
    } else {
      end += '\n';
    }
    const elapsed = now - start.time;
    const line = formatProgressLine(
      snapshot,
      elapsed > 0 ? ((snapshot.bytes - start.bytes) * 1000) / elapsed / 1024 : 0,
      elapsed / 1000,
      end,
      this.#human,
    );
    if (!this.#wholeTransfer) this.#start = undefined;
    return line;
  }

  #progress(snapshot: ProgressSnapshot, now: number): string {
    const oldest = this.#history[0] ?? { time: now, bytes: 0 };
    const elapsed = now - oldest.time;
    const rate = elapsed > 0 ? ((snapshot.bytes - oldest.bytes) * 1000) / elapsed / 1024 : 0;
    const rest = rate > 0 ? (snapshot.size - snapshot.bytes) / rate / 1000 : 0;
    const end = '  '.padEnd(this.#wholeTransfer ? this.#lastEnd : 0);
    if (this.#wholeTransfer) this.#lastEnd = 2;
    return formatProgressLine(snapshot, rate, rest, end, this.#human);
  }

  #note(tick: Tick): void {
    if (!this.#start) {
      this.#start = tick;
      this.#history = [];
      this.#shown = false;
    }
    this.#history.push(tick);
    if (this.#history.length > HISTORY) this.#history.shift();
  }
}
