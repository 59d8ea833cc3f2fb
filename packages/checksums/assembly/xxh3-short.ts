/** XXH3, 64 and 128 bits, for at most 240 bytes: each range of lengths has its own formula. */
import { P32_2, P64_1, P64_2, P64_4, avalanche64 } from './xxh64';

/** The default secret, 192 bytes. */
export const SECRET: usize = memory.data<u8>([
  0xb8, 0xfe, 0x6c, 0x39, 0x23, 0xa4, 0x4b, 0xbe, 0x7c, 0x01, 0x81, 0x2c, 0xf7, 0x21, 0xad, 0x1c,
  0xde, 0xd4, 0x6d, 0xe9, 0x83, 0x90, 0x97, 0xdb, 0x72, 0x40, 0xa4, 0xa4, 0xb7, 0xb3, 0x67, 0x1f,
  0xcb, 0x79, 0xe6, 0x4e, 0xcc, 0xc0, 0xe5, 0x78, 0x82, 0x5a, 0xd0, 0x7d, 0xcc, 0xff, 0x72, 0x21,
  0xb8, 0x08, 0x46, 0x74, 0xf7, 0x43, 0x24, 0x8e, 0xe0, 0x35, 0x90, 0xe6, 0x81, 0x3a, 0x26, 0x4c,
  0x3c, 0x28, 0x52, 0xbb, 0x91, 0xc3, 0x00, 0xcb, 0x88, 0xd0, 0x65, 0x8b, 0x1b, 0x53, 0x2e, 0xa3,
  0x71, 0x64, 0x48, 0x97, 0xa2, 0x0d, 0xf9, 0x4e, 0x38, 0x19, 0xef, 0x46, 0xa9, 0xde, 0xac, 0xd8,
  0xa8, 0xfa, 0x76, 0x3f, 0xe3, 0x9c, 0x34, 0x3f, 0xf9, 0xdc, 0xbb, 0xc7, 0xc7, 0x0b, 0x4f, 0x1d,
  0x8a, 0x51, 0xe0, 0x4b, 0xcd, 0xb4, 0x59, 0x31, 0xc8, 0x9f, 0x7e, 0xc9, 0xd9, 0x78, 0x73, 0x64,
  0xea, 0xc5, 0xac, 0x83, 0x34, 0xd3, 0xeb, 0xc3, 0xc5, 0x81, 0xa0, 0xff, 0xfa, 0x13, 0x63, 0xeb,
  0x17, 0x0d, 0xdd, 0x51, 0xb7, 0xf0, 0xda, 0x49, 0xd3, 0x16, 0x55, 0x26, 0x29, 0xd4, 0x68, 0x9e,
  0x2b, 0x16, 0xbe, 0x58, 0x7d, 0x47, 0xa1, 0xfc, 0x8f, 0xf8, 0xb8, 0xd1, 0x7a, 0xd0, 0x31, 0xce,
  0x45, 0xcb, 0x3a, 0x8f, 0x95, 0x16, 0x04, 0x28, 0xaf, 0xd7, 0xfb, 0xca, 0xbb, 0x4b, 0x40, 0x7e,], 16);

const PRIME_MX1: u64 = 0x165667919e3779f9, PRIME_MX2: u64 = 0x9fb21c651e98df25;

/** High 64 bits of the 128-bit product. */
@inline
export function multiplyHigh(a: u64, b: u64): u64 {
  const al = a & 0xffffffff, ah = a >> 32, bl = b & 0xffffffff, bh = b >> 32;
  const ll = al * bl, hl = ah * bl, lh = al * bh;
  const cross = (ll >> 32) + (hl & 0xffffffff) + lh;
  return (hl >> 32) + (cross >> 32) + ah * bh;
}

@inline
export function multiplyFold(a: u64, b: u64): u64 {
  return (a * b) ^ multiplyHigh(a, b);
}

@inline
export function avalanche3(h: u64): u64 {
  h ^= h >> 37;
  h *= PRIME_MX1;
  return h ^ (h >> 32);
}

/** Secret words at `offset` and 8 bytes after it, combined. */
@inline
function flip(offset: usize): u64 {
  return load<u64>(SECRET + offset) ^ load<u64>(SECRET + offset + 8);
}

@inline
function mix16(p: usize, offset: usize, seed: u64): u64 {
  return multiplyFold(load<u64>(p) ^ (load<u64>(SECRET + offset) + seed), load<u64>(p, 8) ^ (load<u64>(SECRET + offset + 8) - seed));
}

@inline
function widenSeed(seed: u64): u64 {
  return seed ^ (<u64>bswap<u32>(<u32>seed) << 32);
}

/** First, middle, last byte and length of 1 to 3 bytes. */
@inline
function combine3(p: usize, length: u32): u32 {
  return (<u32>load<u8>(p) << 16) | (<u32>load<u8>(p + (length >> 1)) << 24) | <u32>load<u8>(p + length - 1) | (length << 8);
}

/** XXH3-64 of 0 to 240 bytes. */
export function xxh3Short(p: usize, length: u32, seed: u64): u64 {
  const end = p + length;
  if (length == 0) return avalanche64(seed ^ flip(56));
  if (length < 4) {
    const key = <u64>(load<u32>(SECRET) ^ load<u32>(SECRET, 4)) + seed;
    return avalanche64(<u64>combine3(p, length) ^ key);
  }
  if (length <= 8) {
    const key = flip(8) - widenSeed(seed);
    let h = (<u64>load<u32>(end - 4) + (<u64>load<u32>(p) << 32)) ^ key;
    h ^= rotl<u64>(h, 49) ^ rotl<u64>(h, 24);
    h *= PRIME_MX2;
    h ^= (h >> 35) + length;
    h *= PRIME_MX2;
    return h ^ (h >> 28);
  }
  if (length <= 16) {
    const low = load<u64>(p) ^ (flip(24) + seed);
    const high = load<u64>(end - 8) ^ (flip(40) - seed);
    return avalanche3(<u64>length + bswap<u64>(low) + high + multiplyFold(low, high));
  }
  let acc = <u64>length * P64_1;
  if (length <= 128) {
    if (length > 32) {
      if (length > 64) {
        if (length > 96) acc += mix16(p + 48, 96, seed) + mix16(end - 64, 112, seed);
        acc += mix16(p + 32, 64, seed) + mix16(end - 48, 80, seed);
      }
      acc += mix16(p + 16, 32, seed) + mix16(end - 32, 48, seed);
    }
    acc += mix16(p, 0, seed) + mix16(end - 16, 16, seed);
    return avalanche3(acc);
  }
  const rounds: usize = length >> 4;
  for (let i: usize = 0; i < 8; i++) acc += mix16(p + i * 16, i * 16, seed);
  acc = avalanche3(acc);
  for (let i: usize = 8; i < rounds; i++) acc += mix16(p + i * 16, (i - 8) * 16 + 3, seed);
  return avalanche3(acc + mix16(end - 16, 136 - 17, seed));
}

/** The two accumulators of the 128-bit form while `mix32` runs. */
let accLow: u64 = 0, accHigh: u64 = 0;

@inline
function mix32(p: usize, q: usize, offset: usize, seed: u64): void {
  accLow = (accLow + mix16(p, offset, seed)) ^ (load<u64>(q) + load<u64>(q, 8));
  accHigh = (accHigh + mix16(q, offset + 16, seed)) ^ (load<u64>(p) + load<u64>(p, 8));
}

@inline
function store128(out: usize, low: u64, high: u64): void {
  store<u64>(out, low);
  store<u64>(out, high, 8);
}

/** XXH3-128 of 0 to 240 bytes: low half, then high half, little-endian, at `out`. */
export function xxh128Short(p: usize, length: u32, seed: u64, out: usize): void {
  const end = p + length;
  if (length == 0) {
    store128(out, avalanche64(seed ^ flip(64)), avalanche64(seed ^ flip(80)));
  } else if (length < 4) {
    const low = combine3(p, length);
    const high = rotl<u32>(bswap<u32>(low), 13);
    const keyLow = <u64>(load<u32>(SECRET) ^ load<u32>(SECRET, 4)) + seed;
    const keyHigh = <u64>(load<u32>(SECRET, 8) ^ load<u32>(SECRET, 12)) - seed;
    store128(out, avalanche64(<u64>low ^ keyLow), avalanche64(<u64>high ^ keyHigh));
  } else if (length <= 8) {
    const key = flip(16) + widenSeed(seed);
    const keyed = (<u64>load<u32>(p) + (<u64>load<u32>(end - 4) << 32)) ^ key;
    const factor = P64_1 + (<u64>length << 2);
    let low = keyed * factor;
    let high = multiplyHigh(keyed, factor);
    high += low << 1;
    low ^= high >> 3;
    low ^= low >> 35;
    low *= PRIME_MX2;
    low ^= low >> 28;
    store128(out, low, avalanche3(high));
  } else if (length <= 16) {
    const keyLow = flip(32) - seed, keyHigh = flip(48) + seed;
    const first = load<u64>(p);
    let last = load<u64>(end - 8);
    const mixed = first ^ last ^ keyLow;
    let low = mixed * P64_1 + (<u64>(length - 1) << 54);
    let high = multiplyHigh(mixed, P64_1);
    last ^= keyHigh;
    high += last + <u64>(<u32>last) * (P32_2 - 1);
    low ^= bswap<u64>(high);
    store128(out, avalanche3(low * P64_2), avalanche3(multiplyHigh(low, P64_2) + high * P64_2));
  } else {
    accLow = <u64>length * P64_1;
    accHigh = 0;
    if (length <= 128) {
      if (length > 96) mix32(p + 48, end - 64, 96, seed);
      if (length > 64) mix32(p + 32, end - 48, 64, seed);
      if (length > 32) mix32(p + 16, end - 32, 32, seed);
      mix32(p, end - 16, 0, seed);
    } else {
      let i: usize = 0;
      for (; i < 128; i += 32) mix32(p + i, p + i + 16, i, seed);
      accLow = avalanche3(accLow);
      accHigh = avalanche3(accHigh);
      for (; i + 32 <= length; i += 32) mix32(p + i, p + i + 16, i - 128 + 3, seed);
      mix32(end - 16, end - 32, 136 - 17 - 16, 0 - seed);
    }
    const low = accLow + accHigh;
    const high = accLow * P64_1 + accHigh * P64_4 + (<u64>length - seed) * P64_2;
    store128(out, avalanche3(low), 0 - avalanche3(high));
  }
}
