import type { ByteReader } from './bytes/byte-reader.ts';
import type { ByteWriter } from './bytes/byte-writer.ts';
import { requireRange } from './errors.ts';
import { ExitCode } from './exit-code.ts';

/** Longest filter rule on the wire, bytes. */
export const FILTER_TEXT_MAX_BYTES = 5119;

/**
 * The next rule of the filter list: int32 length, then the text, see docs/spec/session.md §7.2.
 *
 * @returns the rule's text as a byte string; the empty string at the end of the list
 * @throws LimitError with exit code 22 when it is longer than {@link FILTER_TEXT_MAX_BYTES}
 */
export function readFilterText(reader: ByteReader): string {
  const length = reader.i32();
  requireRange('filter rule length', length, 0, FILTER_TEXT_MAX_BYTES, ExitCode.MALLOC);
  return reader.string(length);
}

/** Write one rule, 1 to {@link FILTER_TEXT_MAX_BYTES} bytes. */
export function writeFilterText(writer: ByteWriter, text: string): void {
  if (text === '' || text.length > FILTER_TEXT_MAX_BYTES) {
    throw new RangeError(`filter rule of ${text.length} bytes, 1 to 5119 fit`);
  }
  writer.i32(text.length);
  writer.string(text);
}

/** End the list. */
export function writeFilterListEnd(writer: ByteWriter): void {
  writer.i32(0);
}
