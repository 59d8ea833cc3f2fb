import { effectiveOutFormat, type RsyncOptions } from '@deltawire/options';
import type { TransferEvent } from '@deltawire/transfer';
import { expectedDigest } from './digest.ts';
import { isSignificant, knownDetails } from './itemize.ts';
import type { Lines } from './lines.ts';
import { isDirectoryMode } from './names.ts';
import {
  formatLine,
  type LineContext,
  type OutFormat,
  parseOutFormat,
  type UpdateLine,
} from './out-format.ts';
import type { PrinterSetup } from './printer.ts';
import { sourceNamer } from './source-name.ts';

type Item = Extract<TransferEvent, { kind: 'item' | 'transferred' }>;

const TRANSFER = 0x8000;
const LOCAL_CHANGE = 0x4000;
const S_IFREG = 0o100000;
const S_IFDIR = 0o040000;

/** The lines about updated, created and deleted entries: names, `-i`, `--out-format`. */
export class ItemLines {
  readonly #lines: Lines;
  readonly #o: RsyncOptions;
  readonly #sends: boolean;
  readonly #format: OutFormat | undefined;
  readonly #sourceName: (name: string, isDirectory: boolean) => string;
  #context: LineContext;

  constructor(lines: Lines, { options, sends, local }: PrinterSetup, now: () => number) {
    this.#lines = lines;
    this.#o = options;
    this.#sends = sends;
    const format = options.quiet ? undefined : effectiveOutFormat(options);
    this.#format = format === undefined ? undefined : parseOutFormat(format);
    this.#sourceName = sends ? sourceNamer(options) : (name) => name;
    this.#context = {
      remotePush: sends && !local,
      times: options.times,
      ...knownDetails(options.protocol, sends),
      links: options.links,
      owner: options.owner,
      group: options.group,
      digest: expectedDigest(options),
      pid: process.pid,
      now,
    };
  }

  /** What can be said of items depends on the protocol that was agreed on. */
  agree(protocol: number): void {
    this.#context = { ...this.#context, ...knownDetails(protocol, this.#sends) };
  }

  item(event: Item): void {
    const format = this.#format;
    if (!format) return;
    if (event.iflags & TRANSFER) {
      if (!format.needsResult || this.#o.dryRun) this.#update(event, format);
    } else if (this.#shows(event, format)) {
      this.#update(event, format);
    }
  }

  transferred(event: Item): void {
    if (this.#format?.needsResult) this.#update(event, this.#format);
  }

  deletion(name: string, isDirectory: boolean): void {
    if (this.#o.quiet) return;
    if (!this.#format?.showsDeletions) {
      if (this.#format || this.#level('del') >= 1) {
        this.#lines.line(`deleting ${name}${isDirectory ? '/' : ''}`);
      }
      return;
    }
    const mode = isDirectory ? S_IFDIR : 0;
    this.#formatted(this.#format, {
      name,
      entry: { mode, size: 0, mtime: 0, uid: 0, gid: 0, linkTarget: '' },
      iflags: 0,
      xname: undefined,
      operation: 'del.',
      bytesSent: 0,
      bytesReceived: 0,
      checksum: undefined,
      sourceName: name,
    });
  }

  createdDirectory(path: string): void {
    if (this.#o.quiet) return;
    if (this.#level('name') > 0 || this.#format?.itemizes) {
      this.#lines.line(`created directory ${path}`);
    }
  }

  #level(word: string): number {
    return this.#o.infoLevels[word] ?? 0;
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

  #update(event: Item, format: OutFormat): void {
    const done = event.kind === 'transferred';
    this.#formatted(format, {
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

  #formatted(format: OutFormat, line: UpdateLine): void {
    this.#lines.line(formatLine(format, line, this.#context));
  }
}
