import { createFileHash } from '@deltawire/checksums';
import { DeltaApplier } from '@deltawire/delta';
import {
  closeFile,
  errnoCode,
  errnoText,
  fstat,
  lstat,
  openForWriting,
  preallocate,
  readAt,
  syncFile,
  TemporaryFile,
  truncateFile,
  type WantedAttributes,
  writeAt,
} from '@deltawire/filesystem';
import {
  BasisType,
  type ByteReader,
  ExitCode,
  type FileEntry,
  ProtocolError,
  RsyncError,
  readSumHead,
  type SumHead,
} from '@deltawire/protocol';
import { type BlockLayout, blockRange, type ReadAt } from '@deltawire/signature';
import { Breather } from '../breather.ts';
import { sameBytes } from '../file-digest.ts';
import { hashPrefix } from '../hash-prefix.ts';
import { OpenBasis } from '../pipeline/open-basis.ts';
import type { Session } from '../session.ts';
import { createTokenReader, type TokenReader } from '../tokens/token-reader.ts';
import type { AttributePolicy } from './attributes.ts';
import type { Backups } from './backups.ts';
import type { DelayedUpdates } from './delayed-updates.ts';
import type { PartialFiles } from './partial-files.ts';
import { sparseWrite } from './sparse-write.ts';
import type { Request } from './state.ts';

/** Milliseconds between two progress reports of one file. */
const PROGRESS_MS = 100;
/** Output gathered before it is written. */
const BUFFER_BYTES = 256 * 1024;

/** What came of one file. */
export interface Received {
  readonly outcome: 'done' | 'failed' | 'redo';
  readonly literalBytes: number;
  readonly matchedBytes: number;
  readonly checksum: Uint8Array;
}

/** Reports how far a file has come; `final` once per file. */
export type ReportProgress = (bytes: number, final: boolean) => void;

/**
 * Where the content goes: a temporary file; the destination itself with `--inplace`; or what an earlier
 * attempt has left in the partial directory.
 */
interface Output {
  readonly fd: number;
  readonly path: string;
  readonly temporary: TemporaryFile | undefined;
  /** Bytes it had before. */
  readonly oldLength: number;
}

/** What files are received with. */
export interface FileReceiverSetup {
  readonly session: Session;
  readonly attributes: AttributePolicy;
  /** Where temporary files are made, if not beside their destinations. */
  readonly tempDir: string | undefined;
  readonly backups: Backups | undefined;
  readonly partials: PartialFiles | undefined;
  readonly delayed: DelayedUpdates | undefined;
}

/**
 * Receives the content of one file: rebuilds it beside the destination, verifies it, gives it its
 * attributes and renames it into place (docs/spec/data.md §9). The delta is always read to its
 * end, also when the output cannot be made.
 */
export class FileReceiver {
  readonly #session: Session;
  readonly #attributes: AttributePolicy;
  readonly #backups: Backups | undefined;
  readonly #partials: PartialFiles | undefined;
  readonly #delayed: DelayedUpdates | undefined;
  readonly #tempDir: string | undefined;
  readonly #tokens: TokenReader;
  readonly #breather: Breather = new Breather();
  /** Files are received one after the other: one buffer serves them all. */
  readonly #buffer: Uint8Array = new Uint8Array(BUFFER_BYTES);

  constructor(setup: FileReceiverSetup) {
    const { session } = setup;
    this.#session = session;
    this.#tempDir = setup.tempDir;
    this.#attributes = setup.attributes;
    this.#backups = setup.backups;
    this.#partials = setup.partials;
    this.#delayed = setup.delayed;
    this.#tokens = createTokenReader(session.wire, session.agreement);
  }

  /** Reads sum head, tokens and file sum from the wire; `opened` is called when there is room for them. */
  async receive(asked: Request, opened: () => void, progress: ReportProgress): Promise<Received> {
    const { wire, agreement } = this.#session;
    const { dialect, checksum } = agreement;
    const readHead = (r: ByteReader): SumHead => readSumHead(r, dialect, checksum.digestLength);
    const head = wire.attempt(readHead) ?? (await wire.read(readHead));
    const { replays, options } = this.#session;
    const request = replays ? this.#recorded(asked, head) : asked;
    const { layout } = request;
    if (head.blockCount !== layout.blockCount || head.blockLength !== layout.blockLength) {
      throw new ProtocolError(
        `the sender answered with ${head.blockCount} blocks of ${head.blockLength} bytes for "${request.entry.name}", not ${layout.blockCount} of ${layout.blockLength}`,
        { exitCode: ExitCode.PROTOCOL },
      );
    }
    const output = options.dryRun ? undefined : this.#open(request);
    if (output !== undefined && options.preallocate) this.#preallocate(request.entry, output);
    if (output !== undefined || options.dryRun) opened();
    let delivered = false;
    try {
      const hash = createFileHash(checksum);
      let writeError: unknown;
      const { basis } = request;
      const plainRead = basis === undefined ? undefined : readAt(basis.fd);
      const readBasis = replays && plainRead !== undefined ? zerosBehind(plainRead) : plainRead;
      const start = request.append ? layout.fileLength : 0;
      if (readBasis !== undefined && this.#verifiesPrefix) {
        await hashPrefix(readBasis, start, hash, this.#breather);
      }
      const applier = new DeltaApplier({
        layout,
        start,
        readBasis: request.append ? undefined : readBasis,
        write: (bytes, position) => {
          if (output === undefined || writeError !== undefined) return;
          try {
            this.#write(output, bytes, position);
          } catch (error) {
            writeError = error;
          }
        },
        hash,
        buffer: this.#buffer,
        inPlace: output?.temporary === undefined && output?.path === request.basis?.path,
      });
      await this.#delta(applier, request, readBasis, progress);
      const sizes = applier.finish();
      const readDigest = (r: ByteReader): Uint8Array => r.bytes(checksum.digestLength);
      const theirs = (wire.attempt(readDigest) ?? (await wire.read(readDigest))).slice();
      progress(sizes.length, true);
      const result = { ...sizes, checksum: theirs };
      if (options.dryRun) return { outcome: 'done', ...result };
      if (output === undefined) return { outcome: 'failed', ...result };
      if (writeError !== undefined) throw this.#writeFailed(request, writeError);
      this.#complete(request, output, sizes.length);
      if (!sameBytes(hash.digest(), theirs)) {
        const outcome = this.#unverified(request, output, sizes.literalBytes > 0);
        delivered = outcome.kept;
        return { outcome: outcome.outcome, ...result };
      }
      delivered = this.#deliver(request, output);
      return { outcome: delivered ? 'done' : 'failed', ...result };
    } catch (error) {
      if (output?.temporary !== undefined && this.#session.options.partial) {
        delivered = this.#keepPartial(request, output.temporary);
      }
      throw error;
    } finally {
      if (request !== asked) request.basis?.release();
      if (output?.temporary === undefined) {
        if (output !== undefined) closeFile(output.fd);
      } else if (!delivered) {
        output.temporary.discard();
      }
    }
  }

  /** Read what a batch has of a file that is not wanted. */
  async skip(): Promise<void> {
    const { wire, agreement } = this.#session;
    const { dialect, checksum } = agreement;
    const head = await wire.read((r) => readSumHead(r, dialect, checksum.digestLength));
    // What a decompressor remembers of matched blocks only has to be long enough.
    const readBasis = (target: Uint8Array): number => target.fill(0).length;
    this.#tokens.startFile({ layout: layoutOf(head), readBasis });
    const sink = { literal: (): void => {}, match: (): void => {} };
    for (let step = this.#tokens.step(sink); step !== 'end'; step = this.#tokens.step(sink)) {
      if (step === 'starved') await wire.fill();
      else if (this.#breather.due) await this.#breather.pause();
    }
    await wire.read((r) => r.bytes(checksum.digestLength));
  }

  /** A batch has been made of blocks of its own: they are looked up in what is there now. */
  #recorded(asked: Request, head: SumHead): Request {
    const layout = layoutOf(head);
    if (layout.blockCount === 0) return { ...asked, layout };
    try {
      const basis = OpenBasis.open(asked.basisPath, this.#session.options.openNoatime);
      if (basis !== undefined) {
        return { ...asked, layout, basis, append: this.#session.options.append > 0 };
      }
    } catch {
      // It is not there: told below.
    }
    const shown = this.#session.showPath(asked.basisPath);
    throw new ProtocolError(`got a block match with no basis file for ${shown} [receiver]`, {
      code: 'BATCH_MISMATCH',
      exitCode: ExitCode.PROTOCOL,
    });
  }

  async #delta(
    applier: DeltaApplier,
    { layout, append }: Request,
    readBasis: ReadAt | undefined,
    progress: ReportProgress,
  ): Promise<void> {
    let done = append ? layout.fileLength : 0;
    let reported = performance.now();
    const sink = {
      literal: (bytes: Uint8Array): void => {
        applier.literal(bytes);
        done += bytes.length;
      },
      match: (block: number, count: number): void => {
        for (let i = 0; i < count; i++) applier.match(block + i);
        const last = blockRange(layout, block + count - 1);
        done += last.offset + last.length - block * layout.blockLength;
      },
    };
    // What is appended refers to no blocks.
    const blocks = append ? { ...layout, blockCount: 0 } : layout;
    this.#tokens.startFile({ layout: blocks, readBasis });
    for (;;) {
      const step = this.#tokens.step(sink);
      if (step === 'end') return;
      if (step === 'starved') await this.#session.wire.fill();
      else if (this.#breather.due) {
        const now = performance.now();
        if (now - reported > PROGRESS_MS) {
          reported = now;
          progress(done, false);
        }
        await this.#breather.pause();
      }
    }
  }

  #open(request: Request): Output | undefined {
    const { options } = this.#session;
    const { entry, path, basis } = request;
    try {
      if (this.#updatesPartial(request) && basis !== undefined) {
        return updated(openForWriting(basis.path), basis.path);
      }
      if (options.inplace) {
        return updated(openForWriting(path, 0o600), path);
      }
      const temporary = TemporaryFile.create(path, {
        tempDir: this.#tempDir,
        mode: (entry.mode | 0o200) & 0o700,
      });
      return { fd: temporary.fd, path: temporary.path, temporary, oldLength: 0 };
    } catch (error) {
      const tried = pathOfError(error) ?? path;
      const call = options.inplace ? 'open' : 'mkstemp';
      const shown = this.#session.showPath(tried);
      this.#session.systemError('receiver', `${call} ${shown} failed`, error);
      return undefined;
    }
  }

  /** A file system that cannot do it is no reason not to write. */
  #preallocate({ size }: FileEntry, { fd, path }: Output): void {
    try {
      preallocate(fd, size, this.#session.options.sparse);
    } catch (error) {
      const shown = this.#session.showPath(path);
      this.#session.systemWarning('receiver', `do_fallocate ${shown}`, error);
    }
  }

  /** `--append-verify`, which is all there was below protocol 30: the sum is that of the whole file. */
  get #verifiesPrefix(): boolean {
    const { options, agreement } = this.#session;
    return options.append > 1 || agreement.dialect.protocol < 30;
  }

  /** Whether what is in the partial directory is changed itself; the sender then heeds that. */
  #updatesPartial({ basisType }: Request): boolean {
    const { inplacePartialDir } = this.#session.agreement.dialect;
    return basisType === BasisType.PARTIAL_DIR && inplacePartialDir;
  }

  #write(output: Output, bytes: Uint8Array, position: number): void {
    if (this.#session.options.sparse) sparseWrite(output.fd, bytes, position, output.oldLength);
    else writeAt(output.fd, bytes, position);
  }

  /** All bytes have been written: what is behind them goes, and a hole at the end becomes part of it. */
  #complete(request: Request, output: Output, length: number): void {
    const { sparse, fsync, preallocate: mayBeMore } = this.#session.options;
    const excess = mayBeMore && length < request.entry.size;
    try {
      if (output.oldLength > length || sparse || excess) truncateFile(output.fd, length);
      if (fsync) syncFile(output.fd);
    } catch (error) {
      throw this.#writeFailed(request, error);
    }
  }

  #writeFailed(request: Request, error: unknown): RsyncError {
    const shown = this.#session.showPath(request.path);
    return new RsyncError(`rsync: [receiver] write failed on ${shown}: ${errnoText(error)}`, {
      code: errnoCode(error) === 'ENOSPC' ? 'NO_SPACE' : 'WRITE_FAILED',
      exitCode: ExitCode.FILE_IO,
      cause: error,
    });
  }

  /** Attributes on the temporary file, then the rename; in place, attributes on the file. */
  #deliver(request: Request, output: Output): boolean {
    const { entry, path, existing } = request;
    const inPlace = output.path === path;
    if (!inPlace && !request.redo && this.#delayed === undefined) {
      this.#backups?.beforeReplacing(entry);
    }
    const report = this.#attributes.report(output.path, 'receiver');
    try {
      if (output.temporary === undefined) {
        const wanted = this.#attributes.wanted(entry, existing, true);
        wanted.afterOwner = this.#xattrsOf(request, output.path);
        if (this.#attributes.keepsTimes(entry)) {
          wanted.mtime = entry.mtime;
          wanted.mtimeNs = entry.mtimeNs;
        }
        if (!inPlace) wanted.mode = this.#attributes.modeFor(entry, existing);
        const real = fstat(output.fd);
        const current = this.#session.fake?.see(output.fd, real) ?? real;
        this.#attributes.apply(entry, output.path, wanted, current, 'receiver');
        if (this.#delayed !== undefined) this.#delayed.add(request);
        else if (!inPlace) this.#partials?.moveIntoPlace(entry, path);
        return true;
      }
      const wanted = this.#attributes.wanted(entry, undefined, true);
      wanted.mode = this.#attributes.modeFor(entry, existing);
      wanted.afterOwner = this.#xattrsOf(request, output.path);
      const { temporary } = output;
      temporary.apply(this.#adapted(entry, wanted, temporary), report);
      if (this.#delayed !== undefined && this.#partials !== undefined) {
        temporary.commit(this.#partials.prepare(entry));
        this.#delayed.add(request);
      } else {
        temporary.commit(path);
        this.#partials?.discard(entry);
      }
      return true;
    } catch (error) {
      const from = this.#session.showPath(output.path);
      this.#session.systemError('receiver', `rename ${from} -> "${entry.name}"`, error);
      return false;
    }
  }

  #adapted(entry: FileEntry, wanted: WantedAttributes, temporary: TemporaryFile): WantedAttributes {
    const { acls } = this.#attributes;
    if (acls === undefined && this.#session.fake === undefined) return wanted;
    const current = temporary.stat();
    return this.#attributes.adapt(entry, wanted, current, temporary.path, 'receiver');
  }

  /** Sets the extended attributes, if they are preserved. */
  #xattrsOf({ entry, comparedPath }: Request, shown: string): WantedAttributes['afterOwner'] {
    const { xattrs } = this.#attributes;
    return xattrs && ((target) => xattrs.apply(entry, target, shown, comparedPath));
  }

  /** The sums differ: try once more, then give the file up. */
  #unverified(
    request: Request,
    output: Output,
    hasData: boolean,
  ): { outcome: 'redo' | 'failed'; kept: boolean } {
    const { options } = this.#session;
    let kept = false;
    const toPartialDir = this.#partials !== undefined;
    const keeps = options.partial && hasData && (request.redo || toPartialDir);
    if (keeps && output.temporary !== undefined) {
      kept = this.#keepPartial(request, output.temporary);
    }
    if (output.temporary === undefined) {
      // What was changed in place has everything but its time, so that it is not taken for finished.
      const wanted = this.#attributes.wanted(request.entry, request.existing, false);
      const { entry } = request;
      const real = fstat(output.fd);
      const current = this.#session.fake?.see(output.fd, real) ?? real;
      this.#attributes.apply(entry, output.path, wanted, current, 'receiver');
    }
    const isKept = kept || output.temporary === undefined;
    const fate = !isKept ? 'discarded' : toPartialDir ? 'put into partial-dir' : 'retained';
    if (request.redo) {
      this.#session.transferError(
        `ERROR: ${request.entry.name} failed verification -- update ${fate}.\n`,
      );
      return { outcome: 'failed', kept };
    }
    if (this.#session.info('name') > 0 || options.itemize > 0) {
      this.#session.warn(
        `WARNING: ${request.entry.name} failed verification -- update ${fate} (${this.#session.replays ? 'may' : 'will'} try again).\n`,
      );
    }
    return { outcome: 'redo', kept };
  }

  /**
   * `--partial`: what has arrived takes the file's name, marked as old. With `--partial-dir` it is put
   * there instead.
   */
  #keepPartial(request: Request, temporary: TemporaryFile): boolean {
    if (temporary.stat().size === 0) return false;
    const { entry, path } = request;
    const report = this.#attributes.report(temporary.path, 'receiver');
    try {
      const mode = this.#attributes.modeFor(entry, lstat(path));
      if (this.#partials === undefined) {
        temporary.apply({ mode, mtime: 0, mtimeNs: entry.mtimeNs }, report);
        temporary.commit(path);
      } else {
        temporary.apply({ mode }, report);
        temporary.commit(this.#partials.prepare(entry));
      }
      return true;
    } catch (error) {
      const shown = this.#session.showPath(temporary.path);
      this.#session.systemError('receiver', `rename ${shown} -> "${request.entry.name}"`, error);
      return false;
    }
  }
}

/** The blocks that a sum head speaks of. */
function layoutOf({
  blockCount,
  blockLength,
  remainderLength,
  strongLength,
}: SumHead): BlockLayout {
  const whole = remainderLength === 0 ? blockCount : blockCount - 1;
  const fileLength = whole * blockLength + remainderLength;
  return { fileLength, blockLength, blockCount, remainderLength, strongLength };
}

/** A basis that is shorter than the recorded one: its sum will tell. */
const zerosBehind =
  (read: ReadAt): ReadAt =>
  (target, position) => {
    const count = read(target, position);
    return count > 0 ? count : target.fill(0).length;
  };

/** What is there is changed itself. */
function updated(fd: number, path: string): Output {
  return { fd, path, temporary: undefined, oldLength: fstat(fd).size };
}

/** The path that a failed system call was about: the temporary one. */
function pathOfError(error: unknown): string | undefined {
  const path = (error as { path?: unknown } | null | undefined)?.path;
  return typeof path === 'string' ? Buffer.from(path).toString('latin1') : undefined;
}
