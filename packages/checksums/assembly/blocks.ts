/** Weak and strong sums of many blocks in one call. */
import { MD4, MD5, SEED_PARAMETER, SHA1, XXH128, XXH3, XXH64 } from './algorithms';
import { digestLanes, digestOne } from './digest';
import { weakSum } from './weak-sum';
import { xxh128, xxh3, xxh3Secret } from './xxh3';
import { xxh64 } from './xxh64';

/** Secret of the seed in use. */
const SECRET: usize = memory.data(192, 16);

/** Lanes cost the same for one block as for eight; below this many, one at a time is faster. */
const LANES_MIN: u32 = 3;

/** Get ready to hash blocks with `seed`: call before `strongSum` whenever the seed may have changed. */
export function useSeed(alg: u32, seed: i32): void {
  if (alg == XXH128 || alg == XXH3) xxh3Secret(SECRET, <u64>(<i64>seed));
}

/** Strong sum of one block at `out`; up to 20 bytes are written. */
export function strongSum(alg: u32, p: usize, length: u32, mode: u32, seed: i32, out: usize): void {
  const wide: u64 = mode == SEED_PARAMETER ? <u64>(<i64>seed) : 0;
  if (alg == XXH128) xxh128(p, length, wide, SECRET, out);
  else if (alg == XXH3) store<u64>(out, xxh3(p, length, wide, SECRET));
  else if (alg == XXH64) store<u64>(out, xxh64(p, length, wide));
  else digestOne(alg, p, length, mode, seed, out);
}

/**
 * Sums of the blocks of `byteLength` bytes at `p`; the last one may be short. `weak` receives a
 * word per block, `strong` the first `strongLength` bytes of each digest, packed; it needs 20 bytes
 * of slack. Returns the number of blocks.
 */
export function hashBlocks(
  alg: u32, p: usize, byteLength: u32, blockLength: u32, mode: u32, seed: i32, weak: usize, strong: usize, strongLength: u32,
): u32 {
  useSeed(alg, seed);
  const full = byteLength / blockLength;
  let i: u32 = 0;
  if (ASC_FEATURE_SIMD) {
    if (alg == MD5 || alg == MD4 || alg == SHA1) {
      while (full - i >= LANES_MIN) {
        const n = min<u32>(full - i, 8);
        for (let j: u32 = 0; j < n; j++) store<u32>(weak + ((i + j) << 2), weakSum(p + j * blockLength, blockLength));
        digestLanes(alg, p, blockLength, n, blockLength, mode, seed, strong + i * strongLength, strongLength);
        p += n * blockLength;
        i += n;
      }
    }
  }
  for (; i < full; i++) {
    store<u32>(weak + (i << 2), weakSum(p, blockLength));
    strongSum(alg, p, blockLength, mode, seed, strong + i * strongLength);
    p += blockLength;
  }
  const rest = byteLength - full * blockLength;
  if (rest != 0) {
    store<u32>(weak + (i << 2), weakSum(p, rest));
    strongSum(alg, p, rest, mode, seed, strong + i * strongLength);
    i++;
  }
  return i;
}
