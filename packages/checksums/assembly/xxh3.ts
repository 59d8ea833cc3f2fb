/** XXH3, 64 and 128 bits: stripes of 64 bytes for long inputs, one-shot and in pieces. */
import { P32_1, P32_2, P32_3, P64_1, P64_2, P64_3, P64_4, P64_5 } from './xxh64';
import { SECRET, avalanche3, multiplyFold, xxh128Short, xxh3Short } from './xxh3-short';

/** Longest input with a formula of its own; also what a stream must keep until it knows better. */
export const XXH3_SHORT_MAX: u32 = 240;
/** Stripes between two scrambles: (192 - 64) / 8. */
const STRIPES: u32 = 16;
/** P32_1 twice, in memory because V8 rebuilds vector literals. */
const PRIME: usize = memory.data<u64>([0x9e3779b1, 0x9e3779b1], 16);

/** Derive the 192-byte secret of `seed` at `secret`. */
export function xxh3Secret(secret: usize, seed: u64): void {
  for (let i: usize = 0; i < 192; i += 16) {
    store<u64>(secret + i, load<u64>(SECRET + i) + seed);
    store<u64>(secret + i + 8, load<u64>(SECRET + i + 8) - seed);
  }
}

/** Set the eight accumulators at `acc`. */
export function xxh3Init(acc: usize): void {
  store<u64>(acc, P32_3);
  store<u64>(acc, P64_1, 8);
  store<u64>(acc, P64_2, 16);
  store<u64>(acc, P64_3, 24);
  store<u64>(acc, P64_4, 32);
  store<u64>(acc, P32_2, 40);
  store<u64>(acc, P64_5, 48);
  store<u64>(acc, P32_1, 56);
}

@inline
function swapHalves(v: v128): v128 {
  return v128.shuffle<u64>(v, v, 1, 0);
}

@inline
function scramble(a: v128, secret: usize): v128 {
  const x = v128.xor(v128.xor(a, i64x2.shr_u(a, 47)), v128.load(secret));
  // Low half of each lane times a 32-bit prime plus the high half shifted back: two narrow products.
  const prime = v128.load(PRIME);
  const low = v128.shuffle<u32>(x, x, 0, 2, 0, 2), high = v128.shuffle<u32>(x, x, 1, 3, 1, 3);
  const p32 = v128.shuffle<u32>(prime, prime, 0, 2, 0, 2);
  return i64x2.add(i64x2.extmul_low_i32x4_u(low, p32), i64x2.shl(i64x2.extmul_low_i32x4_u(high, p32), 32));
}

/**
 * Fold `count` stripes at `p` into `acc`, the first with the secret's position after `done`
 * stripes. Returns how many stripes the secret has served since the last scramble.
 */
export function xxh3Consume(p: usize, count: u32, acc: usize, secret: usize, done: u32): u32 {
  if (ASC_FEATURE_SIMD) {
    let a0 = v128.load(acc), a1 = v128.load(acc, 16), a2 = v128.load(acc, 32), a3 = v128.load(acc, 48);
    while (count != 0) {
      let n = min<u32>(count, STRIPES - done);
      let s = secret + (<usize>done << 3);
      count -= n;
      done += n;
      for (; n != 0; n--) {
        const d0 = v128.load(p), d1 = v128.load(p, 16), d2 = v128.load(p, 32), d3 = v128.load(p, 48);
        const k0 = v128.xor(d0, v128.load(s)), k1 = v128.xor(d1, v128.load(s, 16));
        const k2 = v128.xor(d2, v128.load(s, 32)), k3 = v128.xor(d3, v128.load(s, 48));
        // Gather low and high halves of four lanes, so that one pair of shuffles serves two products.
        const low0 = v128.shuffle<u32>(k0, k1, 0, 2, 4, 6), high0 = v128.shuffle<u32>(k0, k1, 1, 3, 5, 7);
        const low1 = v128.shuffle<u32>(k2, k3, 0, 2, 4, 6), high1 = v128.shuffle<u32>(k2, k3, 1, 3, 5, 7);
        a0 = i64x2.add(a0, i64x2.add(swapHalves(d0), i64x2.extmul_low_i32x4_u(low0, high0)));
        a1 = i64x2.add(a1, i64x2.add(swapHalves(d1), i64x2.extmul_high_i32x4_u(low0, high0)));
        a2 = i64x2.add(a2, i64x2.add(swapHalves(d2), i64x2.extmul_low_i32x4_u(low1, high1)));
        a3 = i64x2.add(a3, i64x2.add(swapHalves(d3), i64x2.extmul_high_i32x4_u(low1, high1)));
        p += 64;
        s += 8;
      }
      if (done == STRIPES) {
        a0 = scramble(a0, secret + 128);
        a1 = scramble(a1, secret + 144);
        a2 = scramble(a2, secret + 160);
        a3 = scramble(a3, secret + 176);
        done = 0;
      }
    }
    v128.store(acc, a0);
    v128.store(acc, a1, 16);
    v128.store(acc, a2, 32);
    v128.store(acc, a3, 48);
  } else {
    for (; count != 0; count--) {
      accumulateScalar(p, acc, secret + (<usize>done << 3));
      p += 64;
      if (++done == STRIPES) {
        for (let i: usize = 0; i < 64; i += 8) {
          const a = load<u64>(acc + i);
          store<u64>(acc + i, (a ^ (a >> 47) ^ load<u64>(secret + 128 + i)) * P32_1);
        }
        done = 0;
      }
    }
  }
  return done;
}

@inline
function accumulatePair(p: usize, acc: usize, s: usize): void {
  const d0 = load<u64>(p), d1 = load<u64>(p, 8);
  const k0 = d0 ^ load<u64>(s), k1 = d1 ^ load<u64>(s, 8);
  store<u64>(acc, load<u64>(acc) + d1 + (k0 & 0xffffffff) * (k0 >> 32));
  store<u64>(acc, load<u64>(acc, 8) + d0 + (k1 & 0xffffffff) * (k1 >> 32), 8);
}

function accumulateScalar(p: usize, acc: usize, s: usize): void {
  accumulatePair(p, acc, s);
  accumulatePair(p + 16, acc + 16, s + 16);
  accumulatePair(p + 32, acc + 32, s + 32);
  accumulatePair(p + 48, acc + 48, s + 48);
}

/** Fold the last 64 bytes of the input, at `p`, with the secret's own place for them. */
export function xxh3LastStripe(p: usize, acc: usize, secret: usize): void {
  xxh3Consume(p, 1, acc, secret + 192 - 64 - 7, 0);
}

function mergeAccumulators(acc: usize, secret: usize, start: u64): u64 {
  for (let i: usize = 0; i < 64; i += 16) {
    start += multiplyFold(load<u64>(acc + i) ^ load<u64>(secret + i), load<u64>(acc + i + 8) ^ load<u64>(secret + i + 8));
  }
  return avalanche3(start);
}

/** 64-bit result after the last stripe. */
export function xxh3Merge(acc: usize, secret: usize, total: u64): u64 {
  return mergeAccumulators(acc, secret + 11, total * P64_1);
}

/** High half of the 128-bit result; its low half is `xxh3Merge`. */
export function xxh3MergeHigh(acc: usize, secret: usize, total: u64): u64 {
  return mergeAccumulators(acc, secret + 192 - 64 - 11, ~(total * P64_2));
}

const ACC: usize = memory.data(64, 16);

function accumulateLong(p: usize, length: u32, secret: usize): void {
  xxh3Init(ACC);
  xxh3Consume(p, (length - 1) >> 6, ACC, secret, 0);
  xxh3LastStripe(p + length - 64, ACC, secret);
}

/** XXH3-64 of `length` bytes at `p`; `secret` is what `xxh3Secret` made of `seed`. */
export function xxh3(p: usize, length: u32, seed: u64, secret: usize): u64 {
  if (length <= XXH3_SHORT_MAX) return xxh3Short(p, length, seed);
  accumulateLong(p, length, secret);
  return xxh3Merge(ACC, secret, length);
}

/** XXH3-128 of `length` bytes at `p`, 16 bytes in wire order at `out`. */
export function xxh128(p: usize, length: u32, seed: u64, secret: usize, out: usize): void {
  if (length <= XXH3_SHORT_MAX) {
    xxh128Short(p, length, seed, out);
    return;
  }
  accumulateLong(p, length, secret);
  store<u64>(out, xxh3Merge(ACC, secret, length));
  store<u64>(out, xxh3MergeHigh(ACC, secret, length), 8);
}
