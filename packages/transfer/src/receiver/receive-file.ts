import { createFileHash } from '@deltawire/checksums';
import { DeltaApplier } from '@deltawire/delta';
import { closeFile, readAt } from '@deltawire/filesystem';
import {
  type ByteReader,
  ExitCode,
  ProtocolError,
  readSumHead,
  type SumHead,
} from '@deltawire/protocol';
import { blockRange, type ReadAt } from '@deltawire/signature';
import { Breather } from '../breather.ts';
import { sameBytes } from '../file-digest.ts';
import { hashPrefix } from '../hash-prefix.ts';
import type { Session } from '../session.ts';
import { createTokenReader, type TokenReader } from '../tokens/token-reader.ts';
import { Delivery, type DeliverySetup } from './delivery.ts';
import { OutputFiles } from './output-file.ts';
import { layoutOf, recordedBasis, zerosBehind } from './recorded-basis.ts';
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

/** What files are received with. */
export interface FileReceiverSetup extends DeliverySetup {
  /** Where temporary files are made, if not beside their destinations. */
  readonly tempDir: string | undefined;
}

/**
 * Receives the content of one file: rebuilds it beside the destination, verifies it, gives it its
 * attributes and renames it into place (docs/spec/data.md §9). The delta is always read to its
 * end, also when the output cannot be made.
 */
export class FileReceiver {
  readonly #session: Session;
  readonly #outputs: OutputFiles;
  readonly #delivery: Delivery;
  readonly #tokens: TokenReader;
  readonly #breather: Breather = new Breather();
  /** Files are received one after the other: one buffer serves them all. */
  readonly #buffer: Uint8Array = new Uint8Array(BUFFER_BYTES);

  constructor(setup: FileReceiverSetup) {
    const { session } = setup;
    this.#session = session;
    this.#outputs = new OutputFiles(session, setup.tempDir);
    this.#delivery = new Delivery(setup);
    this.#tokens = createTokenReader(session.wire, session.agreement);
  }

  /** Reads sum head, tokens and file sum from the wire; `opened` is called when there is room for them. */
  async receive(asked: Request, opened: () => void, progress: ReportProgress): Promise<Received> {
    const { wire, agreement } = this.#session;
    const { dialect, checksum } = agreement;
    const readHead = (r: ByteReader): SumHead => readSumHead(r, dialect, checksum.digestLength);
    const head = wire.attempt(readHead) ?? (await wire.read(readHead));
    const { replays, options } = this.#session;
    const request = this.#answered(asked, head);
    const { layout } = request;
    const output = options.dryRun ? undefined : this.#outputs.open(request);
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
            this.#outputs.write(output, bytes, position);
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
      if (writeError !== undefined) throw this.#outputs.writeFailed(request, writeError);
      this.#outputs.complete(request, output, sizes.length);
      if (!sameBytes(hash.digest(), theirs)) {
        const outcome = this.#delivery.unverified(request, output, sizes.literalBytes > 0);
        delivered = outcome.kept;
        return { outcome: outcome.outcome, ...result };
      }
      delivered = this.#delivery.deliver(request, output);
      return { outcome: delivered ? 'done' : 'failed', ...result };
    } catch (error) {
      if (output?.temporary !== undefined && this.#session.options.partial) {
        delivered = this.#delivery.keepPartial(request, output.temporary);
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

  /** The sum head repeats what was asked for; in a batch it says what the file is built on. */
  #answered(asked: Request, head: SumHead): Request {
    if (this.#session.replays) return recordedBasis(this.#session, asked, head);
    const { blockCount, blockLength } = asked.layout;
    if (head.blockCount === blockCount && head.blockLength === blockLength) return asked;
    const theirs = `${head.blockCount} blocks of ${head.blockLength} bytes`;
    throw new ProtocolError(
      `the sender answered with ${theirs} for "${asked.entry.name}", not ${blockCount} of ${blockLength}`,
      { exitCode: ExitCode.PROTOCOL },
    );
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

  /** `--append-verify`, which is all there was below protocol 30: the sum is that of the whole file. */
  get #verifiesPrefix(): boolean {
    const { options, agreement } = this.#session;
    return options.append > 1 || agreement.dialect.protocol < 30;
  }
}
