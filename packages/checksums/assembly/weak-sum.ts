/**
 * rsync's rolling checksum of one block (docs/spec/data.md §5.4): bytes are signed,
 * s1 = sum b[i], s2 = sum (n - i) * b[i], both modulo 2^16, value = s1 | s2 << 16.
 */

/** Weights of 32 bytes as sixteen-bit lanes: 32, 31, ... 1; in memory because V8 rebuilds literals. */
const WEIGHTS: usize = memory.data<u16>([
  32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17,
  16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
], 16);
const ONES: usize = memory.data<u16>([1, 1, 1, 1, 1, 1, 1, 1], 16);

@inline
function sumOfLanes(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}

/** Value of `length` bytes at `p`. Sums may wrap at 32 bits: only 16 of them count. */
export function weakSum(p: usize, length: u32): u32 {
  let s1: i32 = 0;
  let s2: i32 = 0;
  const end = p + length;
  if (ASC_FEATURE_SIMD) {
    const end32 = p + (length & ~31);
    let sums = i32x4.splat(0);
    let prefix = i32x4.splat(0); // sum of `sums` before each step: worth 32 each in s2
    let low = i32x4.splat(0);
    let high = i32x4.splat(0);
    const w0 = v128.load(WEIGHTS), w1 = v128.load(WEIGHTS, 16), w2 = v128.load(WEIGHTS, 32), w3 = v128.load(WEIGHTS, 48);
    const ones = v128.load(ONES);
    while (p < end32) {
      const d0 = v128.load(p), d1 = v128.load(p, 16);
      const a = i16x8.extend_low_i8x16_s(d0), b = i16x8.extend_high_i8x16_s(d0);
      const c = i16x8.extend_low_i8x16_s(d1), d = i16x8.extend_high_i8x16_s(d1);
      prefix = i32x4.add(prefix, sums);
      sums = i32x4.add(sums, i32x4.dot_i16x8_s(i16x8.add(i16x8.add(a, b), i16x8.add(c, d)), ones));
      low = i32x4.add(low, i32x4.add(i32x4.dot_i16x8_s(a, w0), i32x4.dot_i16x8_s(b, w1)));
      high = i32x4.add(high, i32x4.add(i32x4.dot_i16x8_s(c, w2), i32x4.dot_i16x8_s(d, w3)));
      p += 32;
    }
    s1 = sumOfLanes(sums);
    s2 = (sumOfLanes(prefix) << 5) + sumOfLanes(low) + sumOfLanes(high);
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
