import { type ChecksumName, createStrongHash } from '@deltawire/checksums';
import { closeFile, openForReading, readAt } from '@deltawire/filesystem';

const CHUNK_BYTES = 256 * 1024;
let chunk: Uint8Array | undefined;

/** The unseeded whole-file digest that `--checksum` compares (docs/spec/data.md §5). Throws errno errors. */
export function fileDigest(
  path: string,
  name: ChecksumName,
  noAtime: boolean,
  most: number = Number.POSITIVE_INFINITY,
): Uint8Array {
  chunk ??= new Uint8Array(CHUNK_BYTES);
  const hash = createStrongHash(name);
  const fd = openForReading(path, { noAtime });
  try {
    const read = readAt(fd);
    for (let position = 0; ; ) {
      const room = Math.min(chunk.length, most - position);
      const count = room > 0 ? read(chunk.subarray(0, room), position) : 0;
      if (count === 0) return hash.digest();
      hash.update(chunk.subarray(0, count));
      position += count;
    }
  } finally {
    closeFile(fd);
  }
}

/** Whether two digests are the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
