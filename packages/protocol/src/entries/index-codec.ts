import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { LimitError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import type { Dialect } from '../session/dialect.ts';

/** End of a list, a phase or the session. */
export const NDX_DONE = -1;
/** No more file lists. */
export const NDX_FLIST_EOF = -2;
/** Deletion statistics follow. */
export const NDX_DEL_STATS = -3;
/** `NDX_FLIST_OFFSET - d`: the file list of directory d follows. */
export const NDX_FLIST_OFFSET = -101;

const NDX_MAX = 0x7fffffff;
const NEGATIVE = 0xff;
const WIDE = 0xfe;

/*
 * Indexes at protocol >= 30 (int32 below). Each direction keeps the previous non-negative value
 * (first -1) and the previous negative one, negated (first 1), for the whole session.
 *
 *     00                       -1 (DONE), changes nothing
 *     [ff] d                   previous + d, 1 <= d <= 253; ff: counts among the negative ones
 *     [ff] fe h l              previous + (h << 8 | l), h < 0x80
 *     [ff] fe 80|b3 b0 b1 b2   the absolute value b3 b2 b1 b0
 *
 * Source: docs/spec/session.md §2.6, docs/spec/data.md §1.2.
 */

/** Writes the indexes of one direction; one per connection, never reset. */
export class NdxWriter {
  readonly #delta: boolean;
  #previous: number = -1;
  #previousNegated: number = 1;

  constructor(dialect: Dialect) {
    this.#delta = dialect.deltaNdx;
  }

  write(writer: ByteWriter, ndx: number): void {
    if (!this.#delta) {
      writer.i32(ndx);
      return;
    }
    if (ndx === NDX_DONE) {
      writer.u8(0);
      return;
    }
    const value = ndx < 0 ? -ndx : ndx;
    let difference: number;
    if (ndx < 0) {
      writer.u8(NEGATIVE);
      difference = value - this.#previousNegated;
      this.#previousNegated = value;
    } else {
      difference = value - this.#previous;
      this.#previous = value;
    }
    if (difference >= 1 && difference <= 253) {
      writer.u8(difference);
    } else if (difference >= 0 && difference <= 0x7fff) {
      writer.u8(WIDE);
      writer.u8(difference >> 8);
      writer.u8(difference);
    } else {
      writer.u8(WIDE);
      writer.u8((value >> 24) | 0x80);
      writer.u8(value);
      writer.u8(value >> 8);
      writer.u8(value >> 16);
    }
  }
}

/** Reads the indexes of one direction; one per connection, never reset. */
export class NdxReader {
  readonly #delta: boolean;
  #previous: number = -1;
  #previousNegated: number = 1;

  constructor(dialect: Dialect) {
    this.#delta = dialect.deltaNdx;
  }

  /** @throws LimitError with exit code 2 beyond 2^31 - 1 */
  read(reader: ByteReader): number {
    if (!this.#delta) return reader.i32();
    let byte = reader.u8();
    if (byte === 0) return NDX_DONE;
    const negative = byte === NEGATIVE;
    if (negative) byte = reader.u8();
    const previous = negative ? this.#previousNegated : this.#previous;
    let value = previous + byte;
    if (byte === WIDE) {
      const high = reader.u8();
      const low = reader.u8();
      value =
        (high & 0x80) === 0
          ? previous + ((high << 8) | low)
          : ((high & 0x7f) << 24) | low | (reader.u8() << 8) | (reader.u8() << 16);
    }
    if (value > NDX_MAX) {
      throw new LimitError('file index', value, NDX_MAX, { exitCode: ExitCode.PROTOCOL });
    }
    if (negative) this.#previousNegated = value;
    else this.#previous = value;
    return negative ? -value : value;
  }
}
