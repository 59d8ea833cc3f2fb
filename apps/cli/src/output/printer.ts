import type { RsyncOptions } from '@deltawire/options';
import type { TransferEvent, TransferResult } from '@deltawire/transfer';
import { type HumanLevel, humanLevel } from './humanize.ts';
import { ItemLines } from './item-lines.ts';
import { Lines } from './lines.ts';
import { formatListing } from './list.ts';
import { ListLines } from './list-lines.ts';
import { displayCharset } from './names.ts';
import { ProgressMeter } from './progress.ts';
import type { ProgressBar } from './progress-bar.ts';
import { formatSignatures, formatStats, formatSummary } from './stats.ts';
import type { TextSink } from './writer.ts';

type Progress = Extract<TransferEvent, { kind: 'progress' }>;

/** Where a printer writes, and what it must know about the run. */
export interface PrinterSetup {
  readonly options: RsyncOptions;
  /** The data leaves this side; true for local copies. */
  readonly sends: boolean;
  /** Both ends are this host. */
  readonly local: boolean;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly bar?: ProgressBar | undefined;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}

/** Prints a transfer's events exactly as rsync prints what they stand for. */
export interface Printer {
  onEvent(event: TransferEvent): void;
  /** Statistics and summary, as asked for. */
  finish(result: TransferResult): void;
  /** Leave the cursor at the start of a line, when a run ends early. */
  abandon(): void;
}

/** Make the printer for one run. */
export function createPrinter(setup: PrinterSetup): Printer {
  return new TextPrinter(setup);
}

class TextPrinter implements Printer {
  readonly #o: RsyncOptions;
  readonly #setup: PrinterSetup;
  readonly #human: HumanLevel;
  readonly #lines: Lines;
  readonly #list: ListLines;
  readonly #items: ItemLines;
  readonly #meter: ProgressMeter | undefined;
  readonly #wholeProgress: boolean;
  readonly #now: () => number;
  readonly #startedAt: number;
  /** There was more than a daemon's list of modules. */
  #hasList = false;

  constructor(setup: PrinterSetup) {
    const { options, stdout, stderr, env, bar } = setup;
    this.#setup = setup;
    this.#o = options;
    this.#human = humanLevel(options.human);
    this.#now = setup.now ?? Date.now;
    this.#startedAt = this.#now();
    const out = options.msgs2stderr === true ? stderr : stdout;
    this.#lines = new Lines(out, stderr, displayCharset(env, options.eightBit), bar);
    // Nothing is said of a list that cannot have directories in it.
    const listed = options.recursive || options.dirs || options.readBatch !== undefined;
    this.#list = new ListLines(this.#lines, listed ? this.#level('flist') : 0);
    this.#items = new ItemLines(this.#lines, setup, this.#now);
    const progress = this.#level('progress');
    this.#wholeProgress = progress >= 2;
    if (progress > 0) this.#meter = new ProgressMeter(this.#wholeProgress, this.#human);
  }

  onEvent(event: TransferEvent): void {
    switch (event.kind) {
      case 'list':
        this.#hasList = true;
        this.#items.agree(event.protocol);
        this.#list.onList(event);
        break;
      case 'listing':
        if (!this.#o.quiet) this.#lines.line(this.#listing(event.entry));
        break;
      case 'item':
        this.#meter?.begin(this.#now());
        this.#items.item(event);
        break;
      case 'transferred':
        this.#items.transferred(event);
        break;
      case 'progress':
        this.#progress(event);
        break;
      case 'checked':
        this.#checked(event);
        break;
      case 'delete':
        this.#items.deletion(event.name, event.isDirectory);
        break;
      case 'created-directory':
        this.#items.createdDirectory(event.path);
        break;
      case 'message':
        if (event.level !== 'info' || !this.#o.quiet) this.#lines.message(event.level, event.text);
        break;
      case 'signature':
      case 'stats':
        break;
    }
  }

  finish(result: TransferResult): void {
    this.#lines.close();
    const level = this.#level('stats');
    if (level === 0 || !this.#hasList) return;
    const { stats } = result;
    const { out } = this.#lines;
    if (level >= 2) {
      out.write(formatStats(stats, { human: this.#human, sends: this.#setup.sends }));
      if (level >= 3 || this.#o.verbose >= 2) {
        out.write(formatSignatures(stats.signatures, this.#human));
      }
    }
    const mode = this.#o.onlyWriteBatch ? 'BATCH ONLY' : this.#o.dryRun ? 'DRY RUN' : '';
    const elapsed = Math.floor(this.#now() / 1000) - Math.floor(this.#startedAt / 1000);
    out.write(formatSummary(stats, elapsed, mode, this.#human));
  }

  abandon(): void {
    this.#lines.close();
  }

  /** Level of an `--info` word; `--quiet` silences all of them. */
  #level(word: string): number {
    return this.#o.quiet ? 0 : (this.#o.infoLevels[word] ?? 0);
  }

  #listing(entry: Extract<TransferEvent, { kind: 'listing' }>['entry']): string {
    return formatListing(entry, { ...this.#o, human: this.#human, atimes: this.#o.atimes > 0 });
  }

  /** The line of the whole transfer follows what is found up to date, too. */
  #checked(event: Extract<TransferEvent, { kind: 'checked' }>): void {
    if (!this.#meter || !this.#wholeProgress) return;
    const snapshot = { bytes: event.totalBytes, size: event.totalSize, files: event.files };
    this.#lines.draw(this.#meter.finish(snapshot, this.#now()), true);
  }

  #progress(event: Progress): void {
    if (!this.#meter) {
      const { files } = event;
      this.#setup.bar?.update({ bytes: event.totalBytes, totalBytes: event.totalSize, ...files });
      return;
    }
    const snapshot = this.#wholeProgress
      ? { bytes: event.totalBytes, size: event.totalSize, files: event.files }
      : event;
    const text = event.final
      ? this.#meter.finish(snapshot, this.#now())
      : this.#meter.update(snapshot, this.#now());
    if (text !== undefined) this.#lines.draw(text, !text.endsWith('\n'));
  }
}
