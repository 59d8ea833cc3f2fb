import type { StrongHash } from '@deltawire/checksums';
import type { ReadAt } from '@deltawire/signature';
import type { Breather } from './breather.ts';

const PIECE_BYTES = 256 * 1024;

/**
 * Feed the first `length` bytes of a file to `hash`: with `--append-verify` the sum of an appended file
 * covers what was there before (docs/spec/data.md §6.5). What is missing at the end is left out: the sums
 * then differ, and the file is sent again.
 */
export async function hashPrefix(
  read: ReadAt,
  length: number,
  hash: StrongHash,
  breather: Breather,
): Promise<void> {
  const buffer = new Uint8Array(Math.min(length, PIECE_BYTES));
  for (let position = 0; position < length; ) {
    const target = buffer.subarray(0, Math.min(buffer.length, length - position));
    const count = read(target, position);
    if (count === 0) return;
    hash.update(target.subarray(0, count));
    position += count;
    if (breather.due) await breather.pause();
  }
}
