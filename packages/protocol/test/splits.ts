/**
 * Ways to cut `data` into chunks: all of them for up to `all` bytes, else every single cut near the
 * start and some regular ones.
 */
export function* everySplit(data: Uint8Array, all: number = 10): Generator<Uint8Array[]> {
  if (data.length <= all) {
    for (let cuts = 0; cuts < 1 << Math.max(0, data.length - 1); cuts++) {
      const chunks: Uint8Array[] = [];
      let start = 0;
      for (let at = 1; at < data.length; at++) {
        if ((cuts >> (at - 1)) & 1) {
          chunks.push(data.subarray(start, at));
          start = at;
        }
      }
      chunks.push(data.subarray(start));
      yield chunks;
    }
    return;
  }
  for (const size of [1, 2, 3, 5, 7, 13, 64, 4096]) yield inChunks(data, size);
  for (let at = 1; at < Math.min(data.length, 100); at++) {
    yield [data.subarray(0, at), data.subarray(at)];
  }
}

/** `data` in chunks of `size` bytes, the last one shorter. */
export function inChunks(data: Uint8Array, size: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < data.length; at += size) chunks.push(data.subarray(at, at + size));
  return chunks;
}
