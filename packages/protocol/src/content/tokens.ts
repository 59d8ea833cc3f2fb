import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { LimitError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';

/*
 *     int32 n > 0   n literal bytes follow
 *     int32 n < 0   copy block -(n + 1) of the basis
 *     int32 0       end; the sum of the whole file follows
 *
 * Source: docs/spec/data.md §7.1.
 */

/** Most literal bytes that a sender puts into one token; a reader accepts any number. */
export const LITERAL_MAX_BYTES = 32768;

/**
 * The next token: a number of literal bytes (positive; not read yet, they may be too many for one
 * value), a match (negative, see {@link matchedBlock}) or the end (0).
 */
export function readToken(reader: ByteReader): number {
  return reader.i32();
}

/**
 * Block number of a negative token.
 *
 * @throws LimitError with exit code 2 unless it is one of the `blockCount` blocks of the basis
 */
export function matchedBlock(token: number, blockCount: number): number {
  const block = -1 - token;
  if (block >= blockCount) {
    throw new LimitError('matched block', block, blockCount - 1, { exitCode: ExitCode.PROTOCOL });
  }
  return block;
}

/** Announce `length` literal bytes, 1 to {@link LITERAL_MAX_BYTES}; the caller writes them behind it. */
export function writeLiteralToken(writer: ByteWriter, length: number): void {
  writer.i32(length);
}

/** Copy a block of the basis. */
export function writeMatchToken(writer: ByteWriter, block: number): void {
  writer.i32(-(block + 1));
}

/** End of the file's data; the caller writes the sum of the file behind it. */
export function writeEndToken(writer: ByteWriter): void {
  writer.i32(0);
}
