import type { StrongHash } from '@deltawire/checksums';
import type { BlockLayout, ReadAt } from '@deltawire/signature';
import { DeltaError } from './delta-error.ts';

/** What a delta is applied to, and where the result goes. */
export interface DeltaApplierOptions {
  /** Layout of the basis, as it was sent with the signature. */
  readonly layout: BlockLayout;
  /** Reads the basis; undefined when there is none, and blocks are then refused. */
  readonly readBasis: ReadAt | undefined;
  /** Writes all of `bytes` at a file position. The view is only valid during the call. */
  readonly write: (bytes: Uint8Array, position: number) => void;
  /** Gets every byte of the result in order. */
  readonly hash?: StrongHash | undefined;
  /**
   * The result is written over the basis: a block that belongs where it already is is not written.
   *
   * @default false
   */
  readonly inPlace?: boolean;
  /**
   * Bytes gathered before they are written.
   *
   * @default 262144
   */
  readonly bufferBytes?: number;
  /** Memory to gather in, instead of `bufferBytes` of its own: for many small files in a row. */
  readonly buffer?: Uint8Array;
  /**
   * File position of the first byte of the result, when it is appended.
   *
   * @default 0
   */
  readonly start?: number;
}

/** What {@link DeltaApplier.finish} tells about the result. */
export interface AppliedDelta {
  /** File position behind the last byte of the result. */
  readonly length: number;
  readonly literalBytes: number;
  readonly matchedBytes: number;
}

const DEFAULT_BUFFER_BYTES = 256 * 1024;

/** Literals of at least this many bytes are written without a copy through the buffer. */
const DIRECT_LITERAL_BYTES = 32 * 1024;

/**
 * Rebuilds a file from literals and blocks of its basis, in order.
 *
 * Adjacent blocks become one read, straight into the buffer; small pieces become one write.
 */
export class DeltaApplier {
  readonly #layout: BlockLayout;
  readonly #readBasis: ReadAt | undefined;
  readonly #write: (bytes: Uint8Array, position: number) => void;
  readonly #hash: StrongHash | undefined;
  readonly #inPlace: boolean;
  readonly #bufferBytes: number;
  #buffer: Uint8Array | undefined;
  /** Bytes in the buffer. */
  #filled = 0;
  /** File position of the first byte in the buffer. */
  #written: number;
  /** Basis bytes that follow those in the buffer but are not read yet. */
  #runStart = 0;
  #runLength = 0;
  #literalBytes = 0;
  #matchedBytes = 0;

  constructor(options: DeltaApplierOptions) {
    this.#layout = options.layout;
    this.#readBasis = options.readBasis;
    this.#write = options.write;
    this.#hash = options.hash;
    this.#inPlace = options.inPlace === true;
    this.#buffer = options.buffer;
    this.#bufferBytes =
      options.buffer?.length ?? Math.max(1, options.bufferBytes ?? DEFAULT_BUFFER_BYTES);
    this.#written = options.start ?? 0;
  }

  /** Append new bytes. The array may be reused after the call. */
  literal(bytes: Uint8Array): void {
    this.#literalBytes += bytes.length;
    if (this.#runLength > 0) this.#copyRun();
    if (bytes.length >= Math.min(DIRECT_LITERAL_BYTES, this.#bufferBytes)) {
      this.#flush();
      this.#emit(bytes, true);
      return;
    }
    if (bytes.length > this.#bufferBytes - this.#filled) this.#flush();
    this.#buffer ??= new Uint8Array(this.#bufferBytes);
    this.#buffer.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  /**
   * Append a block of the basis.
   *
   * @throws DeltaError `NO_BASIS`, `BLOCK_RANGE`; `BASIS_SHORT` possibly only at a later call
   */
  match(block: number): void {
    const { blockCount, blockLength, remainderLength } = this.#layout;
    if (this.#readBasis === undefined) {
      throw new DeltaError('NO_BASIS', `block ${block} asked for, but there is no basis`);
    }
    if (!(block >= 0 && block < blockCount)) {
      throw new DeltaError(
        'BLOCK_RANGE',
        `block ${block} is outside the basis of ${blockCount} blocks`,
      );
    }
    const start = block * blockLength;
    const length = block === blockCount - 1 && remainderLength > 0 ? remainderLength : blockLength;
    this.#matchedBytes += length;
    if (this.#runLength > 0 && this.#runStart + this.#runLength !== start) this.#copyRun();
    if (this.#runLength === 0) this.#runStart = start;
    this.#runLength += length;
    // Reading may wait for adjacent blocks, but not for ever: the caller counts on progress.
    if (this.#runLength >= this.#bufferBytes) this.#copyRun();
  }

  /** Write what is still pending. */
  finish(): AppliedDelta {
    if (this.#runLength > 0) this.#copyRun();
    this.#flush();
    return {
      length: this.#written,
      literalBytes: this.#literalBytes,
      matchedBytes: this.#matchedBytes,
    };
  }

  /** Read the pending run of basis bytes into the buffer. */
  #copyRun(): void {
    this.#buffer ??= new Uint8Array(this.#bufferBytes);
    const buffer = this.#buffer;
    let position = this.#runStart;
    const end = position + this.#runLength;
    this.#runLength = 0;
    const unchanged = this.#inPlace && position === this.#written + this.#filled;
    if (unchanged) this.#flush();
    if (unchanged && this.#hash === undefined) {
      this.#written = end;
      return;
    }
    while (position < end) {
      if (this.#filled === buffer.length) this.#flush(unchanged);
      const target = buffer.subarray(
        this.#filled,
        Math.min(buffer.length, this.#filled + end - position),
      );
      const count = this.#readBasis?.(target, position) ?? 0;
      if (count <= 0) {
        throw new DeltaError('BASIS_SHORT', `basis ended at ${position}, before ${end}`);
      }
      position += count;
      this.#filled += count;
    }
    if (unchanged) this.#flush(true);
  }

  #flush(unchanged = false): void {
    if (this.#filled === 0) return;
    const bytes = this.#buffer!.subarray(0, this.#filled);
    this.#filled = 0;
    this.#emit(bytes, !unchanged);
  }

  #emit(bytes: Uint8Array, write: boolean): void {
    this.#hash?.update(bytes);
    if (write && bytes.length > 0) this.#write(bytes, this.#written);
    this.#written += bytes.length;
  }
}
