/**
 * rsync's rolling checksum of one block (docs/spec/data.md §5.4): bytes are signed,
 * s1 = sum b[i], s2 = sum (n - i) * b[i], both modulo 2^16, value = s1 | s2 << 16.
 */

/** What the sum of pair k of a vector is worth less in s2 than that of pair 0; in memory because V8 rebuilds literals. */
const PAIR_LAGS: usize = memory.data<u16>([0, 2, 4, 6, 8, 10, 12, 14], 16);
const ONES: usize = memory.data<u16>([1, 1, 1, 1, 1, 1, 1, 1], 16);

@inline
function sumOfLanes(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}

/** Value of `length` bytes at `p`. Sums may wrap: only 16 bits of them count. */
export function weakSum(p: usize, length: u32): u32 {
  let s1: i32 = 0;
  let s2: i32 = 0;
  const end = p + length;
  if (ASC_FEATURE_SIMD) {
    // Vectors of eight pairs of bytes, every lane modulo 2^16. With the running sum of each lane added
    // up once per vector, a pair counts 16 for every vector from its own to the last.
    const end16 = p + (length & ~15);
    let pairs = i16x8.splat(0);
    let running = i16x8.splat(0);
    let seconds = i16x8.splat(0);
    while (p < end16) {
      const bytes = v128.load(p);
      pairs = i16x8.add(pairs, i16x8.extadd_pairwise_i8x16_s(bytes));
      running = i16x8.add(running, pairs);
      seconds = i16x8.add(seconds, i16x8.shr_s(bytes, 8));
      p += 16;
    }
    const ones = v128.load(ONES);
    s1 = sumOfLanes(i32x4.dot_i16x8_s(pairs, ones));
    s2 = (sumOfLanes(i32x4.dot_i16x8_s(running, ones)) << 4)
      - sumOfLanes(i32x4.dot_i16x8_s(pairs, v128.load(PAIR_LAGS)))
      - sumOfLanes(i32x4.dot_i16x8_s(seconds, ones));
  } else {
    const end4 = p + (length & ~3);
    while (p < end4) {
      const b0 = <i32>load<i8>(p), b1 = <i32>load<i8>(p, 1), b2 = <i32>load<i8>(p, 2), b3 = <i32>load<i8>(p, 3);
      s2 += 4 * (s1 + b0) + 3 * b1 + 2 * b2 + b3;
      s1 += b0 + b1 + b2 + b3;
      p += 4;
    }
  }
  while (p < end) {
    s1 += <i32>load<i8>(p++);
    s2 += s1;
  }
  return (s1 & 0xffff) | (s2 << 16);
}
