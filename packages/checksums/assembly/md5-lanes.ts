/** MD5 of eight messages of one length side by side, in SIMD lanes. */
import { LANE_STATE, LANE_WORDS, rotate, transposeBlock } from './lanes';

/** The 64 sine constants; those of the last round less one, see `round4`. */
const CONSTANTS: usize = memory.data<u32>([
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
  0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
  0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
  0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
  0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
  0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
  0xf4292243, 0x432aff96, 0xab9423a6, 0xfc93a038, 0x655b59c2, 0x8f0ccc91, 0xffeff47c, 0x85845dd0,
  0x6fa87e4e, 0xfe2ce6df, 0xa3014313, 0x4e0811a0, 0xf7537e81, 0xbd3af234, 0x2ad7d2ba, 0xeb86d390,
], 16);
/** The same, each in all four lanes: 10 % faster than spreading them at every use. */
const K: usize = memory.data(1024, 16);
if (ASC_FEATURE_SIMD) for (let i: usize = 0; i < 64; i++) v128.store(K + (i << 4), v128.load_splat<u32>(CONSTANTS + (i << 2)));

@inline
function word(a: v128, m: usize, k: usize): v128 {
  return i32x4.add(i32x4.add(a, v128.load(LANE_WORDS + (m << 4))), v128.load(K + (k << 4)));
}

@inline
function round1(a: v128, b: v128, c: v128, d: v128, m: usize, k: usize, s: i32): v128 {
  return i32x4.add(rotate(i32x4.add(word(a, m, k), v128.xor(v128.and(v128.xor(c, d), b), d)), s), b);
}

@inline
function round2(a: v128, b: v128, c: v128, d: v128, m: usize, k: usize, s: i32): v128 {
  return i32x4.add(rotate(i32x4.add(i32x4.add(word(a, m, k), v128.andnot(c, d)), v128.and(b, d)), s), b);
}

@inline
function round3(a: v128, b: v128, c: v128, d: v128, m: usize, k: usize, s: i32): v128 {
  return i32x4.add(rotate(i32x4.add(word(a, m, k), v128.xor(v128.xor(c, d), b)), s), b);
}

/** c ^ (b | ~d) = ~(c ^ (d & ~b)) = -(c ^ (d & ~b)) - 1: a subtraction, with the one taken from K. */
@inline
function round4(a: v128, b: v128, c: v128, d: v128, m: usize, k: usize, s: i32): v128 {
  return i32x4.add(rotate(i32x4.sub(word(a, m, k), v128.xor(v128.andnot(d, b), c)), s), b);
}

/**
 * Fold `count` blocks of 64 bytes of eight messages, at p0 ... p7, into the states at `LANE_STATE`.
 * Two sets of four lanes are interleaved: one set's latency hides behind the other's work.
 */
export function md5CompressLanes(
  p0: usize, p1: usize, p2: usize, p3: usize, p4: usize, p5: usize, p6: usize, p7: usize, count: u32,
): void {
  let a0 = v128.load(LANE_STATE), b0 = v128.load(LANE_STATE, 16), c0 = v128.load(LANE_STATE, 32), d0 = v128.load(LANE_STATE, 48);
  let a1 = v128.load(LANE_STATE, 80), b1 = v128.load(LANE_STATE, 96), c1 = v128.load(LANE_STATE, 112), d1 = v128.load(LANE_STATE, 128);
  for (; count != 0; count--) {
    transposeBlock(p0, p1, p2, p3, LANE_WORDS);
    transposeBlock(p4, p5, p6, p7, LANE_WORDS + 256);
    const aa0 = a0, bb0 = b0, cc0 = c0, dd0 = d0, aa1 = a1, bb1 = b1, cc1 = c1, dd1 = d1;

    a0 = round1(a0, b0, c0, d0, 0, 0, 7); a1 = round1(a1, b1, c1, d1, 16, 0, 7);
    d0 = round1(d0, a0, b0, c0, 1, 1, 12); d1 = round1(d1, a1, b1, c1, 17, 1, 12);
    c0 = round1(c0, d0, a0, b0, 2, 2, 17); c1 = round1(c1, d1, a1, b1, 18, 2, 17);
    b0 = round1(b0, c0, d0, a0, 3, 3, 22); b1 = round1(b1, c1, d1, a1, 19, 3, 22);
    a0 = round1(a0, b0, c0, d0, 4, 4, 7); a1 = round1(a1, b1, c1, d1, 20, 4, 7);
    d0 = round1(d0, a0, b0, c0, 5, 5, 12); d1 = round1(d1, a1, b1, c1, 21, 5, 12);
    c0 = round1(c0, d0, a0, b0, 6, 6, 17); c1 = round1(c1, d1, a1, b1, 22, 6, 17);
    b0 = round1(b0, c0, d0, a0, 7, 7, 22); b1 = round1(b1, c1, d1, a1, 23, 7, 22);
    a0 = round1(a0, b0, c0, d0, 8, 8, 7); a1 = round1(a1, b1, c1, d1, 24, 8, 7);
    d0 = round1(d0, a0, b0, c0, 9, 9, 12); d1 = round1(d1, a1, b1, c1, 25, 9, 12);
    c0 = round1(c0, d0, a0, b0, 10, 10, 17); c1 = round1(c1, d1, a1, b1, 26, 10, 17);
    b0 = round1(b0, c0, d0, a0, 11, 11, 22); b1 = round1(b1, c1, d1, a1, 27, 11, 22);
    a0 = round1(a0, b0, c0, d0, 12, 12, 7); a1 = round1(a1, b1, c1, d1, 28, 12, 7);
    d0 = round1(d0, a0, b0, c0, 13, 13, 12); d1 = round1(d1, a1, b1, c1, 29, 13, 12);
    c0 = round1(c0, d0, a0, b0, 14, 14, 17); c1 = round1(c1, d1, a1, b1, 30, 14, 17);
    b0 = round1(b0, c0, d0, a0, 15, 15, 22); b1 = round1(b1, c1, d1, a1, 31, 15, 22);

    a0 = round2(a0, b0, c0, d0, 1, 16, 5); a1 = round2(a1, b1, c1, d1, 17, 16, 5);
    d0 = round2(d0, a0, b0, c0, 6, 17, 9); d1 = round2(d1, a1, b1, c1, 22, 17, 9);
    c0 = round2(c0, d0, a0, b0, 11, 18, 14); c1 = round2(c1, d1, a1, b1, 27, 18, 14);
    b0 = round2(b0, c0, d0, a0, 0, 19, 20); b1 = round2(b1, c1, d1, a1, 16, 19, 20);
    a0 = round2(a0, b0, c0, d0, 5, 20, 5); a1 = round2(a1, b1, c1, d1, 21, 20, 5);
    d0 = round2(d0, a0, b0, c0, 10, 21, 9); d1 = round2(d1, a1, b1, c1, 26, 21, 9);
    c0 = round2(c0, d0, a0, b0, 15, 22, 14); c1 = round2(c1, d1, a1, b1, 31, 22, 14);
    b0 = round2(b0, c0, d0, a0, 4, 23, 20); b1 = round2(b1, c1, d1, a1, 20, 23, 20);
    a0 = round2(a0, b0, c0, d0, 9, 24, 5); a1 = round2(a1, b1, c1, d1, 25, 24, 5);
    d0 = round2(d0, a0, b0, c0, 14, 25, 9); d1 = round2(d1, a1, b1, c1, 30, 25, 9);
    c0 = round2(c0, d0, a0, b0, 3, 26, 14); c1 = round2(c1, d1, a1, b1, 19, 26, 14);
    b0 = round2(b0, c0, d0, a0, 8, 27, 20); b1 = round2(b1, c1, d1, a1, 24, 27, 20);
    a0 = round2(a0, b0, c0, d0, 13, 28, 5); a1 = round2(a1, b1, c1, d1, 29, 28, 5);
    d0 = round2(d0, a0, b0, c0, 2, 29, 9); d1 = round2(d1, a1, b1, c1, 18, 29, 9);
    c0 = round2(c0, d0, a0, b0, 7, 30, 14); c1 = round2(c1, d1, a1, b1, 23, 30, 14);
    b0 = round2(b0, c0, d0, a0, 12, 31, 20); b1 = round2(b1, c1, d1, a1, 28, 31, 20);

    a0 = round3(a0, b0, c0, d0, 5, 32, 4); a1 = round3(a1, b1, c1, d1, 21, 32, 4);
    d0 = round3(d0, a0, b0, c0, 8, 33, 11); d1 = round3(d1, a1, b1, c1, 24, 33, 11);
    c0 = round3(c0, d0, a0, b0, 11, 34, 16); c1 = round3(c1, d1, a1, b1, 27, 34, 16);
    b0 = round3(b0, c0, d0, a0, 14, 35, 23); b1 = round3(b1, c1, d1, a1, 30, 35, 23);
    a0 = round3(a0, b0, c0, d0, 1, 36, 4); a1 = round3(a1, b1, c1, d1, 17, 36, 4);
    d0 = round3(d0, a0, b0, c0, 4, 37, 11); d1 = round3(d1, a1, b1, c1, 20, 37, 11);
    c0 = round3(c0, d0, a0, b0, 7, 38, 16); c1 = round3(c1, d1, a1, b1, 23, 38, 16);
    b0 = round3(b0, c0, d0, a0, 10, 39, 23); b1 = round3(b1, c1, d1, a1, 26, 39, 23);
    a0 = round3(a0, b0, c0, d0, 13, 40, 4); a1 = round3(a1, b1, c1, d1, 29, 40, 4);
    d0 = round3(d0, a0, b0, c0, 0, 41, 11); d1 = round3(d1, a1, b1, c1, 16, 41, 11);
    c0 = round3(c0, d0, a0, b0, 3, 42, 16); c1 = round3(c1, d1, a1, b1, 19, 42, 16);
    b0 = round3(b0, c0, d0, a0, 6, 43, 23); b1 = round3(b1, c1, d1, a1, 22, 43, 23);
    a0 = round3(a0, b0, c0, d0, 9, 44, 4); a1 = round3(a1, b1, c1, d1, 25, 44, 4);
    d0 = round3(d0, a0, b0, c0, 12, 45, 11); d1 = round3(d1, a1, b1, c1, 28, 45, 11);
    c0 = round3(c0, d0, a0, b0, 15, 46, 16); c1 = round3(c1, d1, a1, b1, 31, 46, 16);
    b0 = round3(b0, c0, d0, a0, 2, 47, 23); b1 = round3(b1, c1, d1, a1, 18, 47, 23);

    a0 = round4(a0, b0, c0, d0, 0, 48, 6); a1 = round4(a1, b1, c1, d1, 16, 48, 6);
    d0 = round4(d0, a0, b0, c0, 7, 49, 10); d1 = round4(d1, a1, b1, c1, 23, 49, 10);
    c0 = round4(c0, d0, a0, b0, 14, 50, 15); c1 = round4(c1, d1, a1, b1, 30, 50, 15);
    b0 = round4(b0, c0, d0, a0, 5, 51, 21); b1 = round4(b1, c1, d1, a1, 21, 51, 21);
    a0 = round4(a0, b0, c0, d0, 12, 52, 6); a1 = round4(a1, b1, c1, d1, 28, 52, 6);
    d0 = round4(d0, a0, b0, c0, 3, 53, 10); d1 = round4(d1, a1, b1, c1, 19, 53, 10);
    c0 = round4(c0, d0, a0, b0, 10, 54, 15); c1 = round4(c1, d1, a1, b1, 26, 54, 15);
    b0 = round4(b0, c0, d0, a0, 1, 55, 21); b1 = round4(b1, c1, d1, a1, 17, 55, 21);
    a0 = round4(a0, b0, c0, d0, 8, 56, 6); a1 = round4(a1, b1, c1, d1, 24, 56, 6);
    d0 = round4(d0, a0, b0, c0, 15, 57, 10); d1 = round4(d1, a1, b1, c1, 31, 57, 10);
    c0 = round4(c0, d0, a0, b0, 6, 58, 15); c1 = round4(c1, d1, a1, b1, 22, 58, 15);
    b0 = round4(b0, c0, d0, a0, 13, 59, 21); b1 = round4(b1, c1, d1, a1, 29, 59, 21);
    a0 = round4(a0, b0, c0, d0, 4, 60, 6); a1 = round4(a1, b1, c1, d1, 20, 60, 6);
    d0 = round4(d0, a0, b0, c0, 11, 61, 10); d1 = round4(d1, a1, b1, c1, 27, 61, 10);
    c0 = round4(c0, d0, a0, b0, 2, 62, 15); c1 = round4(c1, d1, a1, b1, 18, 62, 15);
    b0 = round4(b0, c0, d0, a0, 9, 63, 21); b1 = round4(b1, c1, d1, a1, 25, 63, 21);

    a0 = i32x4.add(a0, aa0);
    b0 = i32x4.add(b0, bb0);
    c0 = i32x4.add(c0, cc0);
    d0 = i32x4.add(d0, dd0);
    a1 = i32x4.add(a1, aa1);
    b1 = i32x4.add(b1, bb1);
    c1 = i32x4.add(c1, cc1);
    d1 = i32x4.add(d1, dd1);
    p0 += 64; p1 += 64; p2 += 64; p3 += 64; p4 += 64; p5 += 64; p6 += 64; p7 += 64;
  }
  v128.store(LANE_STATE, a0); v128.store(LANE_STATE, b0, 16); v128.store(LANE_STATE, c0, 32); v128.store(LANE_STATE, d0, 48);
  v128.store(LANE_STATE, a1, 80); v128.store(LANE_STATE, b1, 96); v128.store(LANE_STATE, c1, 112); v128.store(LANE_STATE, d1, 128);
}
