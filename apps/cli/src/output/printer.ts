import { effectiveOutFormat, type RsyncOptions } from '@deltawire/options';
import type { TransferEvent, TransferResult } from '@deltawire/transfer';
import { expectedDigest } from './digest.ts';
import { type HumanLevel, humanLevel } from './humanize.ts';
import { isSignificant, knownDetails } from './itemize.ts';
import { formatListing } from './list.ts';
import { type DisplayCharset, displayCharset, escapeBytes, isDirectoryMode } from './names.ts';
import {
  formatLine,
  type LineContext,
  type OutFormat,
  parseOutFormat,
  type UpdateLine,
} from './out-format.ts';
import { ProgressMeter } from './progress.ts';
import type { ProgressBar } from './progress-bar.ts';
import { sourceNamer } from './source-name.ts';
import { formatSignatures, formatStats, formatSummary } from './stats.ts';
import type { TextSink } from './writer.ts';

type Item = Extract<TransferEvent, { kind: 'item' | 'transferred' }>;
type Progress = Extract<TransferEvent, { kind: 'progress' }>;

const TRANSFER = 0x8000;
const LOCAL_CHANGE = 0x4000;
const S_IFREG = 0o100000;
const S_IFDIR = 0o040000;

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
  readonly #out: TextSink;
  readonly #err: TextSink;
  readonly #setup: PrinterSetup;
  readonly #human: HumanLevel;
  readonly #charset: DisplayCharset;
  readonly #format: OutFormat | undefined;
  #context: LineContext;
  readonly #sourceName: (name: string, isDirectory: boolean) => string;
  readonly #meter: ProgressMeter | undefined;
  readonly #wholeProgress: boolean;
  readonly #now: () => number;
  readonly #startedAt: number;
  /** A progress line is on the terminal and has no line feed yet. */
  #lineOpen = false;
  #filesShown = 0;

  constructor(setup: PrinterSetup) {
    const { options } = setup;
    this.#setup = setup;
    this.#o = options;
    this.#out = options.msgs2stderr === true ? setup.stderr : setup.stdout;
    this.#err = setup.stderr;
    this.#human = humanLevel(options.human);
    this.#charset = displayCharset(setup.env, options.eightBit);
    this.#now = setup.now ?? Date.now;
    this.#startedAt = this.#now();
    const format = effectiveOutFormat(options);
    this.#format = format === undefined ? undefined : parseOutFormat(format);
    this.#context = {
      remotePush: setup.sends && !setup.local,
      times: options.times,
      ...knownDetails(options.protocol, setup.sends),
      links: options.links,
      owner: options.owner,
      group: options.group,
      digest: expectedDigest(options),
      pid: process.pid,
      now: this.#now,
    };
    this.#sourceName = setup.sends ? sourceNamer(options) : (name) => name;
    const progress = options.quiet ? 0 : this.#level('progress');
    this.#wholeProgress = progress >= 2;
    if (progress > 0) this.#meter = new ProgressMeter(this.#wholeProgress, this.#human);
  }

  onEvent(event: TransferEvent): void {
    switch (event.kind) {
      case 'list':
        // What can be said of items is known only now.
        this.#context = { ...this.#context, ...knownDetails(event.protocol, this.#setup.sends) };
        this.#list(event);
        break;
      case 'listing':
        if (!this.#o.quiet)
          this.#line(
            formatListing(event.entry, {
              ...this.#o,
              human: this.#human,
              atimes: this.#o.atimes > 0,
            }),
          );
        break;
      case 'item':
        this.#item(event);
        break;
      case 'transferred':
        if (this.#format?.needsResult) this.#update(event);
        break;
      case 'progress':
        this.#progress(event);
        break;
      case 'checked':
        this.#checked(event);
        break;
      case 'delete':
        this.#deletion(event.name, event.isDirectory);
        break;
      case 'created-directory':
        if (!this.#o.quiet && (this.#level('name') > 0 || this.#format?.itemizes)) {
          this.#line(`created directory ${event.path}`);
        }
        break;
      case 'message':
        this.#message(event.level, event.text);
        break;
      case 'signature':
      case 'stats':
        break;
    }
  }

  finish(result: TransferResult): void {
    this.#closeLine();
    this.#setup.bar?.clear();
    const level = this.#o.quiet ? 0 : this.#level('stats');
    if (level === 0) return;
    const { stats } = result;
    if (level >= 2) {
      this.#out.write(formatStats(stats, { human: this.#human, sends: this.#setup.sends }));
      if (level >= 3 || this.#o.verbose >= 2) {
        this.#out.write(formatSignatures(stats.signatures, this.#human));
      }
    }
    const mode = this.#o.onlyWriteBatch ? 'BATCH ONLY' : this.#o.dryRun ? 'DRY RUN' : '';
    const elapsed = Math.floor(this.#now() / 1000) - Math.floor(this.#startedAt / 1000);
    this.#out.write(formatSummary(stats, elapsed, mode, this.#human));
  }

  abandon(): void {
    this.#closeLine();
    this.#setup.bar?.clear();
  }

  #level(word: string): number {
    return this.#o.infoLevels[word] ?? 0;
  }

  // --------------------------------------------------------------------------------- lines

  #line(bytes: string): void {
    this.#print(this.#out, `${escapeBytes(bytes, this.#charset)}\n`);
  }

  #print(sink: TextSink, text: string): void {
    this.#closeLine(sink);
    this.#setup.bar?.clear();
    sink.write(text);
  }

  /** The line feed goes where the next text goes, as rsync has it. */
  #closeLine(sink: TextSink = this.#out): void {
    if (!this.#lineOpen) return;
    this.#lineOpen = false;
    sink.write('\n');
  }

  #message(level: 'info' | 'warning' | 'error', text: string): void {
    if (level === 'info' && this.#o.quiet) return;
    // Only the last character is layout; a line feed before it belongs to a name.
    const end = text.endsWith('\n') ? '\n' : text.endsWith('\r') ? '\r' : '';
    const body = escapeBytes(end === '' ? text : text.slice(0, -1), this.#charset);
    this.#print(level === 'info' ? this.#out : this.#err, body + end);
  }

  #list(event: Extract<TransferEvent, { kind: 'list' }>): void {
    const level = this.#o.quiet ? 0 : this.#level('flist');
    // Nothing is said of a list that cannot have directories in it.
    const { recursive, dirs, readBatch } = this.#o;
    if (level === 0 || !(recursive || dirs || readBatch !== undefined)) return;
    if (event.incremental) {
      if (event.state === 'start')
        this.#print(this.#out, `${event.direction} incremental file list\n`);
      return;
    }
    const sending = event.direction === 'sending';
    if (event.state === 'start') {
      this.#print(this.#out, sending ? 'building file list ... ' : 'receiving file list ... ');
      // A sender counts aloud from the start, a receiver from the first hundred on.
      if (level >= 2 && sending) this.#out.write('\n 0 files...\r');
      this.#filesShown = 0;
      this.#lineOpen = true;
      return;
    }
    if (event.state === 'progress') {
      if (level < 2) return;
      while (this.#filesShown + 100 <= event.files) {
        if (this.#filesShown === 0 && !sending) this.#out.write('\n');
        this.#filesShown += 100;
        this.#out.write(` ${this.#filesShown} files...\r`);
      }
      return;
    }
    this.#lineOpen = false;
    if (level >= 2) {
      this.#out.write(`${event.files} ${event.files === 1 ? 'file' : 'files'} to consider\n`);
    } else {
      this.#out.write('done\n');
    }
  }

  // ------------------------------------------------------------------------------- updates

  #item(event: Item): void {
    this.#meter?.begin(this.#now());
    const format = this.#format;
    if (!format || this.#o.quiet) return;
    if (event.iflags & TRANSFER) {
      if (!format.needsResult || this.#o.dryRun) this.#update(event);
    } else if (this.#shows(event, format)) {
      this.#update(event);
    }
  }

  /** Which items without data get a line: without `%i` only what was made here, and directories. */
  #shows(event: Item, format: OutFormat): boolean {
    const significant = isSignificant(event.iflags);
    if (event.xname) return true;
    if (format.itemizes) {
      return significant || this.#o.itemize >= 2 || this.#level('name') >= 2;
    }
    return (
      significant && ((event.iflags & LOCAL_CHANGE) !== 0 || isDirectoryMode(event.entry.mode))
    );
  }

  #update(event: Item): void {
    if (!this.#format || this.#o.quiet) return;
    const done = event.kind === 'transferred';
    this.#formatted({
      ...event,
      operation: event.direction,
      bytesSent: done ? event.bytesSent : 0,
      bytesReceived: done ? event.bytesReceived : 0,
      ...this.#checksumOf(event),
      sourceName: this.#sourceName(event.name, isDirectoryMode(event.entry.mode)),
    });
  }

  #checksumOf(event: Item): Pick<UpdateLine, 'checksum' | 'checksumName'> {
    if ((event.entry.mode & 0o170000) !== S_IFREG) return { checksum: undefined };
    const { digest } = this.#context;
    if (this.#o.checksum && event.entry.checksum) return { checksum: event.entry.checksum };
    if (event.kind === 'transferred') return event;
    // A dry run has no data to sum: rsync shows zeros.
    const zeros = this.#o.dryRun && event.iflags & TRANSFER;
    return { checksum: zeros ? new Uint8Array(digest.length) : undefined };
  }

  #formatted(line: UpdateLine): void {
    const text = formatLine(this.#format!, line, this.#context);
    this.#line(text);
  }

  #deletion(name: string, isDirectory: boolean): void {
    if (this.#o.quiet) return;
    if (this.#format?.showsDeletions) {
      const entry = {
        mode: isDirectory ? S_IFDIR : 0,
        size: 0,
        mtime: 0,
        uid: 0,
        gid: 0,
        linkTarget: '',
      };
      this.#formatted({
        name,
        entry,
        iflags: 0,
        xname: undefined,
        operation: 'del.',
        bytesSent: 0,
        bytesReceived: 0,
        checksum: undefined,
        sourceName: name,
      });
    } else if (this.#format || this.#level('del') >= 1) {
      this.#line(`deleting ${name}${isDirectory ? '/' : ''}`);
    }
  }

  // ------------------------------------------------------------------------------ progress

  /** The line of the whole transfer follows what is found up to date, too. */
  #checked(event: Extract<TransferEvent, { kind: 'checked' }>): void {
    if (!this.#meter || !this.#wholeProgress) return;
    const snapshot = { bytes: event.totalBytes, size: event.totalSize, files: event.files };
    this.#out.write(this.#meter.finish(snapshot, this.#now()));
    this.#lineOpen = true;
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
    if (text === undefined) return;
    this.#out.write(text);
    this.#lineOpen = !text.endsWith('\n');
  }
}
