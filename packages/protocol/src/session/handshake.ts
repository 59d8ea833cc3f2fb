import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { readVstring, writeVstring } from '../bytes/integers.ts';
import { ExitCode } from '../exit-code.ts';

/** Longest list of names in the handshake, bytes. */
export const NAME_LIST_MAX_BYTES = 255;

/**
 * A negotiation string: names separated by single spaces, as a vstring. The list is empty when the
 * peer has nothing to offer (docs/spec/session.md §5.3).
 *
 * @throws LimitError with exit code 4 beyond 255 bytes
 */
export function readNameList(reader: ByteReader): string[] {
  const text = readVstring(reader, NAME_LIST_MAX_BYTES, 'negotiation string', ExitCode.UNSUPPORTED);
  return text.split(' ').filter((name) => name !== '');
}

/** Counterpart of {@link readNameList}. */
export function writeNameList(writer: ByteWriter, names: readonly string[]): void {
  const text = names.join(' ');
  if (text.length > NAME_LIST_MAX_BYTES) {
    throw new RangeError(`negotiation string of ${text.length} bytes, at most 255 fit`);
  }
  writeVstring(writer, text);
}
