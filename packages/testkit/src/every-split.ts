/** Up to this length every chunking is tried: 2^(n-1) of them. */
const EXHAUSTIVE_BYTES = 9;
const RANDOM_SPLITS = 40;

/**
 * Ways in which a stream of bytes may arrive: all chunkings of a short input; of a long one the whole,
 * single bytes, and random chunkings (the same ones each time). Chunks are views of `bytes`.
 */
export function* everySplit(bytes: Uint8Array): Generator<Uint8Array[], void, void> {
  const cutAt = (isCut: (position: number) => boolean): Uint8Array[] => {
    const chunks: Uint8Array[] = [];
    let start = 0;
    for (let i = 1; i < bytes.length; i++) {
      if (!isCut(i)) continue;
      chunks.push(bytes.subarray(start, i));
      start = i;
    }
    chunks.push(bytes.subarray(start));
    return chunks;
  };
  if (bytes.length <= EXHAUSTIVE_BYTES) {
    for (let cuts = 0; cuts < 2 ** Math.max(bytes.length - 1, 0); cuts++) {
      yield cutAt((i) => (cuts & (1 << (i - 1))) !== 0);
    }
    return;
  }
  yield [bytes];
  yield cutAt(() => true);
  const random = createRandom(bytes.length);
  for (let n = 0; n < RANDOM_SPLITS; n++) {
    // From a cut at every other byte to a handful in all.
    const share = 0.5 ** (1 + random() * Math.log2(bytes.length));
    yield cutAt(() => random() < share);
  }
}

/** Repeatable numbers from 0 up to 1 (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Bytes that look random and are the same each time. */
export function randomBytes(length: number, seed: number = 1): Uint8Array {
  const random = createRandom(seed);
  return Uint8Array.from({ length }, () => random() * 256);
}
