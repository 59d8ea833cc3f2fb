/** SHA-1 of eight messages of one length side by side, in SIMD lanes (FIPS 180-4 §6.1). */
import { LANE_STATE, LANE_WORDS, rotate, swapWords, transposeBlock } from './lanes';

/** The four round constants; in memory because V8 rebuilds vector literals. */
const K: usize = memory.data<u32>([
  0x5a827999, 0x5a827999, 0x5a827999, 0x5a827999, 0x6ed9eba1, 0x6ed9eba1, 0x6ed9eba1, 0x6ed9eba1,
  0x8f1bbcdc, 0x8f1bbcdc, 0x8f1bbcdc, 0x8f1bbcdc, 0xca62c1d6, 0xca62c1d6, 0xca62c1d6, 0xca62c1d6,
], 16);
/** Message schedules of the two sets: 80 words each, in four lanes. */
const W: usize = memory.data(2560, 16);

@inline
function choose(b: v128, c: v128, d: v128): v128 {
  return v128.xor(d, v128.and(b, v128.xor(c, d)));
}

@inline
function parity(b: v128, c: v128, d: v128): v128 {
  return v128.xor(v128.xor(b, c), d);
}

@inline
function majority(b: v128, c: v128, d: v128): v128 {
  return i32x4.add(v128.and(b, c), v128.and(d, v128.xor(b, c)));
}

@inline
function step(e: v128, a: v128, f: v128, w: usize, k: v128): v128 {
  return i32x4.add(i32x4.add(i32x4.add(i32x4.add(e, v128.load(w)), k), f), rotate(a, 5));
}

/** Words to the machine's byte order, then the schedule of one set. */
@inline
function expand(words: usize, w: usize): void {
  for (let i: usize = 0; i < 256; i += 16) {
    v128.store(w + i, swapWords(v128.load(words + i)));
  }
  for (const end = w + 1024; w < end; w += 16) {
    const older = v128.xor(v128.load(w), v128.load(w, 32));
    const newer = v128.xor(v128.load(w, 128), v128.load(w, 208));
    v128.store(w, rotate(v128.xor(older, newer), 1), 256);
  }
}

/** Fold `count` blocks of 64 bytes of eight messages, at p0 ... p7, into the states at `LANE_STATE`. */
export function sha1CompressLanes(
  p0: usize, p1: usize, p2: usize, p3: usize, p4: usize, p5: usize, p6: usize, p7: usize, count: u32,
): void {
  let a0 = v128.load(LANE_STATE, 0), b0 = v128.load(LANE_STATE, 16), c0 = v128.load(LANE_STATE, 32), d0 = v128.load(LANE_STATE, 48), e0 = v128.load(LANE_STATE, 64);
  let a1 = v128.load(LANE_STATE, 80), b1 = v128.load(LANE_STATE, 96), c1 = v128.load(LANE_STATE, 112), d1 = v128.load(LANE_STATE, 128), e1 = v128.load(LANE_STATE, 144);
  for (; count != 0; count--) {
    transposeBlock(p0, p1, p2, p3, LANE_WORDS);
    transposeBlock(p4, p5, p6, p7, LANE_WORDS + 256);
    expand(LANE_WORDS, W);
    expand(LANE_WORDS + 256, W + 1280);
    const aa0 = a0, bb0 = b0, cc0 = c0, dd0 = d0, ee0 = e0;
    const aa1 = a1, bb1 = b1, cc1 = c1, dd1 = d1, ee1 = e1;
    let w = W;
    let k: v128;
    // Five steps per turn: the variables are back in their places after five.
    k = v128.load(K, 0);
    for (const end = w + 320; w < end; w += 80) {
      e0 = step(e0, a0, choose(b0, c0, d0), w + 0, k); b0 = rotate(b0, 30);
      e1 = step(e1, a1, choose(b1, c1, d1), w + 1280, k); b1 = rotate(b1, 30);
      d0 = step(d0, e0, choose(a0, b0, c0), w + 16, k); a0 = rotate(a0, 30);
      d1 = step(d1, e1, choose(a1, b1, c1), w + 1296, k); a1 = rotate(a1, 30);
      c0 = step(c0, d0, choose(e0, a0, b0), w + 32, k); e0 = rotate(e0, 30);
      c1 = step(c1, d1, choose(e1, a1, b1), w + 1312, k); e1 = rotate(e1, 30);
      b0 = step(b0, c0, choose(d0, e0, a0), w + 48, k); d0 = rotate(d0, 30);
      b1 = step(b1, c1, choose(d1, e1, a1), w + 1328, k); d1 = rotate(d1, 30);
      a0 = step(a0, b0, choose(c0, d0, e0), w + 64, k); c0 = rotate(c0, 30);
      a1 = step(a1, b1, choose(c1, d1, e1), w + 1344, k); c1 = rotate(c1, 30);
    }
    k = v128.load(K, 16);
    for (const end = w + 320; w < end; w += 80) {
      e0 = step(e0, a0, parity(b0, c0, d0), w + 0, k); b0 = rotate(b0, 30);
      e1 = step(e1, a1, parity(b1, c1, d1), w + 1280, k); b1 = rotate(b1, 30);
      d0 = step(d0, e0, parity(a0, b0, c0), w + 16, k); a0 = rotate(a0, 30);
      d1 = step(d1, e1, parity(a1, b1, c1), w + 1296, k); a1 = rotate(a1, 30);
      c0 = step(c0, d0, parity(e0, a0, b0), w + 32, k); e0 = rotate(e0, 30);
      c1 = step(c1, d1, parity(e1, a1, b1), w + 1312, k); e1 = rotate(e1, 30);
      b0 = step(b0, c0, parity(d0, e0, a0), w + 48, k); d0 = rotate(d0, 30);
      b1 = step(b1, c1, parity(d1, e1, a1), w + 1328, k); d1 = rotate(d1, 30);
      a0 = step(a0, b0, parity(c0, d0, e0), w + 64, k); c0 = rotate(c0, 30);
      a1 = step(a1, b1, parity(c1, d1, e1), w + 1344, k); c1 = rotate(c1, 30);
    }
    k = v128.load(K, 32);
    for (const end = w + 320; w < end; w += 80) {
      e0 = step(e0, a0, majority(b0, c0, d0), w + 0, k); b0 = rotate(b0, 30);
      e1 = step(e1, a1, majority(b1, c1, d1), w + 1280, k); b1 = rotate(b1, 30);
      d0 = step(d0, e0, majority(a0, b0, c0), w + 16, k); a0 = rotate(a0, 30);
      d1 = step(d1, e1, majority(a1, b1, c1), w + 1296, k); a1 = rotate(a1, 30);
      c0 = step(c0, d0, majority(e0, a0, b0), w + 32, k); e0 = rotate(e0, 30);
      c1 = step(c1, d1, majority(e1, a1, b1), w + 1312, k); e1 = rotate(e1, 30);
      b0 = step(b0, c0, majority(d0, e0, a0), w + 48, k); d0 = rotate(d0, 30);
      b1 = step(b1, c1, majority(d1, e1, a1), w + 1328, k); d1 = rotate(d1, 30);
      a0 = step(a0, b0, majority(c0, d0, e0), w + 64, k); c0 = rotate(c0, 30);
      a1 = step(a1, b1, majority(c1, d1, e1), w + 1344, k); c1 = rotate(c1, 30);
    }
    k = v128.load(K, 48);
    for (const end = w + 320; w < end; w += 80) {
      e0 = step(e0, a0, parity(b0, c0, d0), w + 0, k); b0 = rotate(b0, 30);
      e1 = step(e1, a1, parity(b1, c1, d1), w + 1280, k); b1 = rotate(b1, 30);
      d0 = step(d0, e0, parity(a0, b0, c0), w + 16, k); a0 = rotate(a0, 30);
      d1 = step(d1, e1, parity(a1, b1, c1), w + 1296, k); a1 = rotate(a1, 30);
      c0 = step(c0, d0, parity(e0, a0, b0), w + 32, k); e0 = rotate(e0, 30);
      c1 = step(c1, d1, parity(e1, a1, b1), w + 1312, k); e1 = rotate(e1, 30);
      b0 = step(b0, c0, parity(d0, e0, a0), w + 48, k); d0 = rotate(d0, 30);
      b1 = step(b1, c1, parity(d1, e1, a1), w + 1328, k); d1 = rotate(d1, 30);
      a0 = step(a0, b0, parity(c0, d0, e0), w + 64, k); c0 = rotate(c0, 30);
      a1 = step(a1, b1, parity(c1, d1, e1), w + 1344, k); c1 = rotate(c1, 30);
    }
    a0 = i32x4.add(a0, aa0);
    b0 = i32x4.add(b0, bb0);
    c0 = i32x4.add(c0, cc0);
    d0 = i32x4.add(d0, dd0);
    e0 = i32x4.add(e0, ee0);
    a1 = i32x4.add(a1, aa1);
    b1 = i32x4.add(b1, bb1);
    c1 = i32x4.add(c1, cc1);
    d1 = i32x4.add(d1, dd1);
    e1 = i32x4.add(e1, ee1);
    p0 += 64; p1 += 64; p2 += 64; p3 += 64; p4 += 64; p5 += 64; p6 += 64; p7 += 64;
  }
  v128.store(LANE_STATE, a0, 0); v128.store(LANE_STATE, b0, 16); v128.store(LANE_STATE, c0, 32); v128.store(LANE_STATE, d0, 48); v128.store(LANE_STATE, e0, 64);
  v128.store(LANE_STATE, a1, 80); v128.store(LANE_STATE, b1, 96); v128.store(LANE_STATE, c1, 112); v128.store(LANE_STATE, d1, 128); v128.store(LANE_STATE, e1, 144);
}
