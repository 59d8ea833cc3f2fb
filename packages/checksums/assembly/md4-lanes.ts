/** MD4 of eight messages of one length side by side, in SIMD lanes. */
import { LANE_STATE, LANE_WORDS, rotate, transposeBlock } from './lanes';

/** Constants of rounds 2 and 3; in memory because V8 rebuilds vector literals. */
const K: usize = memory.data<u32>([
  0x5a827999, 0x5a827999, 0x5a827999, 0x5a827999, 0x6ed9eba1, 0x6ed9eba1, 0x6ed9eba1, 0x6ed9eba1,
], 16);

@inline
function word(a: v128, m: usize): v128 {
  return i32x4.add(a, v128.load(LANE_WORDS + (m << 4)));
}

@inline
function round1(a: v128, b: v128, c: v128, d: v128, m: usize, s: i32): v128 {
  return rotate(i32x4.add(word(a, m), v128.xor(v128.and(v128.xor(c, d), b), d)), s);
}

@inline
function round2(a: v128, b: v128, c: v128, d: v128, m: usize, s: i32): v128 {
  const early = i32x4.add(i32x4.add(word(a, m), v128.load(K)), v128.and(c, d));
  return rotate(i32x4.add(early, v128.and(b, v128.xor(c, d))), s);
}

@inline
function round3(a: v128, b: v128, c: v128, d: v128, m: usize, s: i32): v128 {
  const early = i32x4.add(word(a, m), v128.load(K, 16));
  return rotate(i32x4.add(early, v128.xor(v128.xor(c, d), b)), s);
}

/**
 * Fold `count` blocks of 64 bytes of eight messages, at p0 ... p7, into the states at `LANE_STATE`.
 * Two sets of four lanes are interleaved: one set's latency hides behind the other's work.
 */
export function md4CompressLanes(
  p0: usize, p1: usize, p2: usize, p3: usize, p4: usize, p5: usize, p6: usize, p7: usize, count: u32,
): void {
  let a0 = v128.load(LANE_STATE), b0 = v128.load(LANE_STATE, 16), c0 = v128.load(LANE_STATE, 32), d0 = v128.load(LANE_STATE, 48);
  let a1 = v128.load(LANE_STATE, 80), b1 = v128.load(LANE_STATE, 96), c1 = v128.load(LANE_STATE, 112), d1 = v128.load(LANE_STATE, 128);
  for (; count != 0; count--) {
    transposeBlock(p0, p1, p2, p3, LANE_WORDS);
    transposeBlock(p4, p5, p6, p7, LANE_WORDS + 256);
    const aa0 = a0, bb0 = b0, cc0 = c0, dd0 = d0, aa1 = a1, bb1 = b1, cc1 = c1, dd1 = d1;

    a0 = round1(a0, b0, c0, d0, 0, 3); a1 = round1(a1, b1, c1, d1, 16, 3);
    d0 = round1(d0, a0, b0, c0, 1, 7); d1 = round1(d1, a1, b1, c1, 17, 7);
    c0 = round1(c0, d0, a0, b0, 2, 11); c1 = round1(c1, d1, a1, b1, 18, 11);
    b0 = round1(b0, c0, d0, a0, 3, 19); b1 = round1(b1, c1, d1, a1, 19, 19);
    a0 = round1(a0, b0, c0, d0, 4, 3); a1 = round1(a1, b1, c1, d1, 20, 3);
    d0 = round1(d0, a0, b0, c0, 5, 7); d1 = round1(d1, a1, b1, c1, 21, 7);
    c0 = round1(c0, d0, a0, b0, 6, 11); c1 = round1(c1, d1, a1, b1, 22, 11);
    b0 = round1(b0, c0, d0, a0, 7, 19); b1 = round1(b1, c1, d1, a1, 23, 19);
    a0 = round1(a0, b0, c0, d0, 8, 3); a1 = round1(a1, b1, c1, d1, 24, 3);
    d0 = round1(d0, a0, b0, c0, 9, 7); d1 = round1(d1, a1, b1, c1, 25, 7);
    c0 = round1(c0, d0, a0, b0, 10, 11); c1 = round1(c1, d1, a1, b1, 26, 11);
    b0 = round1(b0, c0, d0, a0, 11, 19); b1 = round1(b1, c1, d1, a1, 27, 19);
    a0 = round1(a0, b0, c0, d0, 12, 3); a1 = round1(a1, b1, c1, d1, 28, 3);
    d0 = round1(d0, a0, b0, c0, 13, 7); d1 = round1(d1, a1, b1, c1, 29, 7);
    c0 = round1(c0, d0, a0, b0, 14, 11); c1 = round1(c1, d1, a1, b1, 30, 11);
    b0 = round1(b0, c0, d0, a0, 15, 19); b1 = round1(b1, c1, d1, a1, 31, 19);

    a0 = round2(a0, b0, c0, d0, 0, 3); a1 = round2(a1, b1, c1, d1, 16, 3);
    d0 = round2(d0, a0, b0, c0, 4, 5); d1 = round2(d1, a1, b1, c1, 20, 5);
    c0 = round2(c0, d0, a0, b0, 8, 9); c1 = round2(c1, d1, a1, b1, 24, 9);
    b0 = round2(b0, c0, d0, a0, 12, 13); b1 = round2(b1, c1, d1, a1, 28, 13);
    a0 = round2(a0, b0, c0, d0, 1, 3); a1 = round2(a1, b1, c1, d1, 17, 3);
    d0 = round2(d0, a0, b0, c0, 5, 5); d1 = round2(d1, a1, b1, c1, 21, 5);
    c0 = round2(c0, d0, a0, b0, 9, 9); c1 = round2(c1, d1, a1, b1, 25, 9);
    b0 = round2(b0, c0, d0, a0, 13, 13); b1 = round2(b1, c1, d1, a1, 29, 13);
    a0 = round2(a0, b0, c0, d0, 2, 3); a1 = round2(a1, b1, c1, d1, 18, 3);
    d0 = round2(d0, a0, b0, c0, 6, 5); d1 = round2(d1, a1, b1, c1, 22, 5);
    c0 = round2(c0, d0, a0, b0, 10, 9); c1 = round2(c1, d1, a1, b1, 26, 9);
    b0 = round2(b0, c0, d0, a0, 14, 13); b1 = round2(b1, c1, d1, a1, 30, 13);
    a0 = round2(a0, b0, c0, d0, 3, 3); a1 = round2(a1, b1, c1, d1, 19, 3);
    d0 = round2(d0, a0, b0, c0, 7, 5); d1 = round2(d1, a1, b1, c1, 23, 5);
    c0 = round2(c0, d0, a0, b0, 11, 9); c1 = round2(c1, d1, a1, b1, 27, 9);
    b0 = round2(b0, c0, d0, a0, 15, 13); b1 = round2(b1, c1, d1, a1, 31, 13);

    a0 = round3(a0, b0, c0, d0, 0, 3); a1 = round3(a1, b1, c1, d1, 16, 3);
    d0 = round3(d0, a0, b0, c0, 8, 9); d1 = round3(d1, a1, b1, c1, 24, 9);
    c0 = round3(c0, d0, a0, b0, 4, 11); c1 = round3(c1, d1, a1, b1, 20, 11);
    b0 = round3(b0, c0, d0, a0, 12, 15); b1 = round3(b1, c1, d1, a1, 28, 15);
    a0 = round3(a0, b0, c0, d0, 2, 3); a1 = round3(a1, b1, c1, d1, 18, 3);
    d0 = round3(d0, a0, b0, c0, 10, 9); d1 = round3(d1, a1, b1, c1, 26, 9);
    c0 = round3(c0, d0, a0, b0, 6, 11); c1 = round3(c1, d1, a1, b1, 22, 11);
    b0 = round3(b0, c0, d0, a0, 14, 15); b1 = round3(b1, c1, d1, a1, 30, 15);
    a0 = round3(a0, b0, c0, d0, 1, 3); a1 = round3(a1, b1, c1, d1, 17, 3);
    d0 = round3(d0, a0, b0, c0, 9, 9); d1 = round3(d1, a1, b1, c1, 25, 9);
    c0 = round3(c0, d0, a0, b0, 5, 11); c1 = round3(c1, d1, a1, b1, 21, 11);
    b0 = round3(b0, c0, d0, a0, 13, 15); b1 = round3(b1, c1, d1, a1, 29, 15);
    a0 = round3(a0, b0, c0, d0, 3, 3); a1 = round3(a1, b1, c1, d1, 19, 3);
    d0 = round3(d0, a0, b0, c0, 11, 9); d1 = round3(d1, a1, b1, c1, 27, 9);
    c0 = round3(c0, d0, a0, b0, 7, 11); c1 = round3(c1, d1, a1, b1, 23, 11);
    b0 = round3(b0, c0, d0, a0, 15, 15); b1 = round3(b1, c1, d1, a1, 31, 15);

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
