import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { LimitError, ProtocolError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';

/*
 *     00                 end; the sum of the whole file follows
 *     40+h l, n bytes    n = h << 8 | l bytes of compressed literal data
 *     80+r               match: block = base + r
 *     c0+r, uint16 c     run: block = base + r and the c blocks behind it
 *     20, int32          match: block is absolute
 *     21, int32, uint16  run from an absolute block
 *
 * r is 0 to 63. The base is 0 when a file begins, then the last block that was matched.
 *
 * Source: docs/spec/data.md §7.3.
 */

/** Most bytes of compressed data in one record. */
export const COMPRESSED_RECORD_MAX_BYTES = 16383;

/** Most blocks in one run. */
const RUN_MAX_BLOCKS = 65536;

/** Largest distance that fits into the first byte of a match. */
const NEAR_MAX = 63;

/** Kinds of first bytes, in their upper bits. */
const Flag = {
  END: 0x00,
  ABSOLUTE: 0x20,
  ABSOLUTE_RUN: 0x21,
  DATA: 0x40,
  NEAR: 0x80,
  NEAR_RUN: 0xc0,
};

/** One record of a compressed token stream. */
export type CompressedToken =
  | {
      readonly kind: 'data';
      /** Compressed literal data; a view, valid until the next read. */
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: 'match';
      /** First block of the basis to copy. */
      readonly block: number;
      /** Consecutive blocks, at least 1. */
      readonly count: number;
    }
  | { readonly kind: 'end' };

const end: CompressedToken = { kind: 'end' };

/**
 * Writes the tokens of one file after the other. Consecutive blocks become runs; a run is written
 * when it turns out to be complete.
 */
export class CompressedTokenWriter {
  /** Last block of the run written last. */
  #base = 0;
  #first = 0;
  /** Blocks of the run that is not written yet. */
  #count = 0;

  /** Copy `count` consecutive blocks of the basis. */
  match(writer: ByteWriter, block: number, count: number): void {
    let next = block;
    let left = count;
    while (left > 0) {
      if (
        this.#count > 0 &&
        (next !== this.#first + this.#count || this.#count === RUN_MAX_BLOCKS)
      ) {
        this.#writeRun(writer);
      }
      if (this.#count === 0) this.#first = next;
      const taken = Math.min(left, RUN_MAX_BLOCKS - this.#count);
      this.#count += taken;
      next += taken;
      left -= taken;
    }
  }

  /** Compressed literal data, 1 to {@link COMPRESSED_RECORD_MAX_BYTES} bytes. */
  data(writer: ByteWriter, bytes: Uint8Array): void {
    const { length } = bytes;
    if (length < 1 || length > COMPRESSED_RECORD_MAX_BYTES) {
      throw new RangeError(`a record of compressed data cannot hold ${length} bytes`);
    }
    this.#writeRun(writer);
    writer.u8(Flag.DATA | (length >> 8));
    writer.u8(length & 0xff);
    writer.bytes(bytes);
  }

  /** End of the file's data; the caller writes the sum of the file behind it. */
  end(writer: ByteWriter): void {
    this.#writeRun(writer);
    writer.u8(Flag.END);
    this.#base = 0;
  }

  #writeRun(writer: ByteWriter): void {
    if (this.#count === 0) return;
    const distance = this.#first - this.#base;
    const isRun = this.#count > 1;
    if (distance >= 0 && distance <= NEAR_MAX) {
      writer.u8((isRun ? Flag.NEAR_RUN : Flag.NEAR) + distance);
    } else {
      writer.u8(isRun ? Flag.ABSOLUTE_RUN : Flag.ABSOLUTE);
      writer.i32(this.#first);
    }
    if (isRun) writer.u16(this.#count - 1);
    this.#base = this.#first + this.#count - 1;
    this.#count = 0;
  }
}

/** Reads what {@link CompressedTokenWriter} wrote, one file after the other. */
export class CompressedTokenReader {
  #base = 0;

  /**
   * The next token. Fit for `DecodeBuffer.attempt`.
   *
   * @param blockCount - blocks of the basis
   * @throws LimitError with exit code 2 for a block outside the basis
   * @throws ProtocolError for a byte that begins no token, and for a run of no blocks
   */
  read(reader: ByteReader, blockCount: number): CompressedToken {
    const flag = reader.u8();
    switch (flag & 0xc0) {
      case Flag.DATA: {
        const length = ((flag & 0x3f) << 8) | reader.u8();
        return { kind: 'data', bytes: reader.bytes(length) };
      }
      case Flag.NEAR:
        return this.#match(this.#base + (flag & 0x3f), 1, blockCount);
      case Flag.NEAR_RUN:
        return this.#match(this.#base + (flag & 0x3f), readRunLength(reader), blockCount);
    }
    if (flag === Flag.ABSOLUTE) return this.#match(reader.i32(), 1, blockCount);
    if (flag === Flag.ABSOLUTE_RUN) {
      const block = reader.i32();
      return this.#match(block, readRunLength(reader), blockCount);
    }
    if (flag !== Flag.END) {
      throw new ProtocolError(`no compressed token begins with byte ${flag}`);
    }
    this.#base = 0;
    return end;
  }

  /** All bytes are read: only now the state may change. */
  #match(block: number, count: number, blockCount: number): CompressedToken {
    const last = block + count - 1;
    if (block < 0) throw new LimitError('matched block', block, 0, { exitCode: ExitCode.PROTOCOL });
    if (last >= blockCount) {
      throw new LimitError('matched block', last, blockCount - 1, { exitCode: ExitCode.PROTOCOL });
    }
    this.#base = last;
    return { kind: 'match', block, count };
  }
}

/** Blocks of a run, its first one included. */
function readRunLength(reader: ByteReader): number {
  const more = reader.u16();
  if (more === 0) throw new ProtocolError('a run of matched blocks has no length');
  return more + 1;
}
