import { createFileHash, type StrongHash } from '@deltawire/checksums';
import { BlockIndex, searchDelta } from '@deltawire/delta';
import { type Located, localPath } from '@deltawire/file-list';
import {
  closeFile,
  deviceAsFile,
  errnoCode,
  type FileStat,
  fstat,
  openForReading,
  readAt,
} from '@deltawire/filesystem';
import {
  BasisType,
  createBlockSums,
  encodeMessageValue,
  type ItemHeader,
  MessageTag,
  readBlockSums,
  readSumHead,
  type SumHead,
  writeItemHeader,
  writeSumHead,
} from '@deltawire/protocol';
import { Breather } from '../breather.ts';
import type { ItemDetails } from '../events.ts';
import { hashPrefix } from '../hash-prefix.ts';
import { IoError, type Session } from '../session.ts';
import { createTokenWriter, type TokenWriter } from '../tokens/token-writer.ts';
import type { SourceLists } from './source-lists.ts';
import type { XattrAnswers } from './xattr-answers.ts';

/** Milliseconds between two progress reports of one file. */
const PROGRESS_MS = 100;

/** The file ended before its size. */
const SHORT = Object.assign(new Error('No data available'), { code: 'ENODATA', errno: -61 });

/** Sends the content of one file as a delta against the sums that came with the request. */
export class FileSender {
  readonly #session: Session;
  readonly #lists: SourceLists;
  readonly #xattrs: XattrAnswers | undefined;
  readonly #tokens: TokenWriter;
  /** With `--append`: what has been asked for before. */
  readonly #sentOnce: Set<number> = new Set();
  readonly #breather: Breather = new Breather();
  /** Over all files, for `-vv`. */
  readonly totals: { matches: number; literalBytes: number } = { matches: 0, literalBytes: 0 };

  constructor(session: Session, lists: SourceLists, xattrs: XattrAnswers | undefined) {
    this.#session = session;
    this.#lists = lists;
    this.#xattrs = xattrs;
    this.#tokens = createTokenWriter(session.wire, session.agreement);
  }

  /**
   * Read the request's sums and answer it: item header, long xattrs `asked` for, sum head, tokens,
   * file sum.
   */
  async send(
    located: Located,
    header: ItemHeader,
    details: ItemDetails,
    asked: readonly number[] | undefined,
  ): Promise<void> {
    const { wire, agreement, ndxOut, stats } = this.#session;
    const { dialect, checksum } = agreement;
    const head = await wire.read((r) => readSumHead(r, dialect, checksum.digestLength));
    const append = this.#isAppended(details.ndx, head);
    const index = append ? undefined : await this.#readSums(head);
    const { entry, list, position } = located;
    const path = localPath(list.rootOf(position), entry);
    const opened = this.#open(details.ndx, path);
    if (opened === undefined) return;
    const { fd, stat } = opened;
    if (append && stat.size < entry.size) {
      closeFile(fd);
      this.#session.warn(`skipped diminished file: ${this.#session.showPath(path)}\n`);
      this.#sendNothing(details.ndx);
      return;
    }
    const { onlyWriteBatch } = this.#session.options;
    const sentBefore = wire.bytesWritten;
    const receivedBefore = wire.bytesRead;
    try {
      this.#session.emit({ kind: 'item', ...details });
      ndxOut.write(wire.out, details.ndx);
      writeItemHeader(wire.out, dialect, header);
      if (asked !== undefined) await this.#xattrs?.write(entry, path, asked);
      if (onlyWriteBatch) wire.divert(true);
      writeSumHead(wire.out, head);
      const hash = createFileHash(checksum);
      const inPlace = this.#isInPlace(header.basisType);
      const start = append ? Math.min(basisLength(head), stat.size) : 0;
      if (this.#session.options.append > 1 || dialect.protocol < 30) {
        await hashPrefix(readAt(fd), start, hash, this.#breather);
      }
      const sent = await this.#delta(details, path, fd, stat, index, hash, inPlace, start);
      this.#tokens.end();
      const digest = hash.digest();
      wire.out.bytes(sent.complete ? digest : wrongDigest(digest));
      wire.send();
      stats.transferredFiles++;
      stats.transferredSize += entry.size;
      stats.literalBytes += sent.literalBytes;
      stats.matchedBytes += sent.matchedBytes;
      this.#progress(details, stat.size, stat.size, true);
      if (this.#session.observed) {
        this.#session.emit({
          kind: 'transferred',
          literalBytes: sent.literalBytes,
          matchedBytes: sent.matchedBytes,
          bytesSent: wire.bytesWritten - sentBefore,
          bytesReceived: wire.bytesRead - receivedBefore,
          checksum: digest,
          checksumName: checksum.name,
          ...details,
        });
      }
    } finally {
      if (onlyWriteBatch) wire.divert(false);
      closeFile(fd);
    }
  }

  /** Whether the basis is overwritten while the delta is applied (docs/spec/data.md §7.2). */
  #isInPlace(basisType: number): boolean {
    const { options, agreement } = this.#session;
    const { itemFlags, inplacePartialDir } = agreement.dialect;
    if (basisType === BasisType.PARTIAL_DIR) return inplacePartialDir;
    if (!options.inplace || basisType !== BasisType.FILE) return false;
    return itemFlags || !options.backup;
  }

  /**
   * Whether only the end of the file is asked for, without sums (docs/spec/data.md §6.5). A second request
   * for a file is an ordinary one.
   */
  #isAppended(ndx: number, head: SumHead): boolean {
    if (this.#session.options.append === 0 || this.#sentOnce.has(ndx)) return false;
    this.#sentOnce.add(ndx);
    return head.blockCount > 0;
  }

  async #readSums(head: SumHead): Promise<BlockIndex | undefined> {
    const { wire, agreement } = this.#session;
    if (head.blockCount === 0) return undefined;
    const sums = createBlockSums(head);
    while (!(await wire.read((r) => readBlockSums(r, sums)))) {
      // Sums arrive in runs of what a chunk holds.
    }
    const { blockCount, blockLength, remainderLength, strongLength } = head;
    const fileLength = basisLength(head);
    const layout = { fileLength, blockLength, blockCount, remainderLength, strongLength };
    const { weak, strong } = sums;
    return new BlockIndex({ layout, weak, strong }, agreement.checksum);
  }

  /** Open the source; when that fails, tell the receiving side that nothing will come. */
  #open(ndx: number, path: string): { fd: number; stat: FileStat } | undefined {
    const { options } = this.#session;
    try {
      const follow = options.copyLinks || options.copyUnsafeLinks;
      this.#session.checkPath(path, follow);
      const fd = openForReading(path, { followLink: follow, noAtime: options.openNoatime });
      const stat = options.copyDevices ? deviceAsFile(fstat(fd)) : fstat(fd);
      if (stat.type === 'file') return { fd, stat };
      closeFile(fd);
      throw Object.assign(new Error('not a regular file'), { code: 'EINVAL', errno: -22 });
    } catch (error) {
      if (errnoCode(error) === 'ENOENT') {
        this.#lists.addIoError(IoError.VANISHED);
        this.#session.warn(`file has vanished: ${this.#session.showPath(path)}\n`);
      } else {
        this.#lists.addIoError(IoError.GENERAL);
        this.#session.systemError(
          'sender',
          `send_files failed to open ${this.#session.showPath(path)}`,
          error,
        );
      }
      this.#sendNothing(ndx);
      return undefined;
    }
  }

  #sendNothing(ndx: number): void {
    if (!this.#session.agreement.dialect.noSend) return;
    this.#session.wire.message(MessageTag.NO_SEND, encodeMessageValue(ndx));
  }

  async #delta(
    details: ItemDetails,
    path: string,
    fd: number,
    stat: FileStat,
    index: BlockIndex | undefined,
    hash: StrongHash,
    inPlace: boolean,
    start: number,
  ): Promise<{ literalBytes: number; matchedBytes: number; complete: boolean }> {
    const { wire } = this.#session;
    const layout = index?.signature.layout;
    let literalBytes = 0;
    let matchedBytes = 0;
    let complete = true;
    let position = start;
    // With --progress the first report comes at once.
    let reported = this.#session.info('progress') > 0 ? -PROGRESS_MS : performance.now();
    const readFile = readAt(fd);
    const fail = (error: unknown): void => {
      if (complete) {
        this.#lists.addIoError(IoError.GENERAL);
        const shown = this.#session.showPath(path);
        this.#session.systemError('sender', `read errors mapping ${shown}`, error);
      }
      complete = false;
    };
    const read = (target: Uint8Array, at: number): number => {
      try {
        return readFile(target, at + start);
      } catch (error) {
        fail(error);
        return 0;
      }
    };
    const ops = searchDelta(read, stat.size - start, index, {
      inPlace,
      onData: (bytes) => hash.update(bytes),
      onShort: () => fail(SHORT),
    });
    this.#tokens.startFile({ read, blockLength: layout?.blockLength ?? 0 });
    for (const op of ops) {
      if (op.kind === 'literal') {
        this.#tokens.literal(op.bytes);
        literalBytes += op.bytes.length;
        position += op.bytes.length;
      } else {
        const { block, count } = op;
        const length = matchedLength(layout!, block, count);
        this.#tokens.match({ block, count, position, length });
        this.totals.matches += count;
        matchedBytes += length;
        position += length;
      }
      if (wire.congested) await wire.drained();
      else if (wire.broken) await wire.giveUp();
      else if (this.#breather.due) await this.#breather.pause();
      if (performance.now() - reported > PROGRESS_MS) {
        // rsync's first report comes with the first block of a run.
        const first = reported < 0 && op.kind === 'match' ? op.count - 1 : 0;
        const bytes = position - first * (layout?.blockLength ?? 0);
        this.#progress(details, bytes, stat.size, false);
        reported = performance.now();
      }
    }
    this.totals.literalBytes += literalBytes;
    return { literalBytes, matchedBytes, complete };
  }

  /** Entries up to and including the one at `ndx`. */
  #checked(ndx: number): number {
    const located = this.#lists.byNdx(ndx);
    return located === undefined ? 0 : located.list.entriesBefore + located.position + 1;
  }

  #progress(details: ItemDetails, bytes: number, size: number, final: boolean): void {
    const { stats, observed, server } = this.#session;
    if (server || !observed) return;
    const { store } = this.#lists;
    const total = store.entryCount;
    this.#session.emit({
      kind: 'progress',
      ndx: details.ndx,
      name: details.name,
      bytes,
      size,
      files: {
        transferred: stats.transferredFiles + (final ? 0 : 1),
        toCheck: total - this.#checked(details.ndx),
        total,
        listsComplete: store.complete,
      },
      totalBytes: stats.transferredSize + (final ? 0 : bytes),
      totalSize: stats.totalSize,
      final,
    });
  }
}

function basisLength({ blockCount, blockLength, remainderLength }: SumHead): number {
  if (remainderLength === 0) return blockCount * blockLength;
  return (blockCount - 1) * blockLength + remainderLength;
}

function matchedLength(
  layout: { blockCount: number; blockLength: number; remainderLength: number },
  block: number,
  count: number,
): number {
  const short = layout.remainderLength > 0 && block + count === layout.blockCount;
  return short
    ? (count - 1) * layout.blockLength + layout.remainderLength
    : count * layout.blockLength;
}

/**
 * The sum of a file that could not be read completely must not verify: all zeros, or, when that is
 * the true one, zeros that end in one (docs/spec/data.md §5.5).
 */
function wrongDigest(digest: Uint8Array): Uint8Array {
  const wrong = new Uint8Array(digest.length);
  if (digest.every((byte) => byte === 0)) wrong[wrong.length - 1] = 1;
  return wrong;
}
