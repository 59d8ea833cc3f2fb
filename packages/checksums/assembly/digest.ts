/** The MD4 family as complete hashes: initial states, padding, seeds, one message or eight. */
import { MD4, MD5, SEED_AFTER, SEED_BEFORE, SHA1, SHA256, SHA512 } from './algorithms';
import { LANE_SET, LANE_STATE, swapWords, transpose4 } from './lanes';
import { md4Compress } from './md4';
import { md4CompressLanes } from './md4-lanes';
import { md5Compress } from './md5';
import { md5CompressLanes } from './md5-lanes';
import { sha1Compress } from './sha1';
import { sha1CompressLanes } from './sha1-lanes';
import { sha256Compress, sha512Compress } from './sha2';

/** Initial words of MD4, MD5 (the first four) and SHA-1. */
const INITIAL: usize = memory.data<u32>([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0], 16);
const INITIAL_256: usize = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
], 16);
const INITIAL_512: usize = memory.data<u64>([
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
], 16);

/** Bytes of one compression block. */
@inline
export function digestBlock(alg: u32): u32 {
  return alg == SHA512 ? 128 : 64;
}

export function digestInit(alg: u32, state: usize): void {
  if (alg == SHA256) memory.copy(state, INITIAL_256, 32);
  else if (alg == SHA512) memory.copy(state, INITIAL_512, 64);
  else memory.copy(state, INITIAL, 20);
}

/** Fold `count` compression blocks at `p` into `state`. */
export function digestCompress(alg: u32, p: usize, count: u32, state: usize): void {
  if (alg == MD5) md5Compress(p, count, state);
  else if (alg == MD4) md4Compress(p, count, state);
  else if (alg == SHA1) sha1Compress(p, count, state);
  else if (alg == SHA256) sha256Compress(p, count, state);
  else sha512Compress(p, count, state);
}

/**
 * Pad the last `used` bytes of a message (fewer than a block, at `p`, with room for two blocks)
 * whose length is `total` bytes. Returns the number of compression blocks.
 */
function pad(alg: u32, p: usize, used: u32, total: u64): u32 {
  const block = digestBlock(alg);
  const blocks: u32 = used + (block >> 3) >= block ? 2 : 1;
  const size: usize = blocks * block;
  memory.fill(p + used, 0, size - used);
  store<u8>(p + used, 0x80);
  const bits = total << 3;
  store<u64>(p + size - 8, alg == MD5 || alg == MD4 ? bits : bswap<u64>(bits));
  return blocks;
}

/** Pad and fold the end of a message, then put the digest in wire order at `out`. */
export function digestFinish(alg: u32, state: usize, p: usize, used: u32, total: u64, out: usize): void {
  digestCompress(alg, p, pad(alg, p, used, total), state);
  if (alg == MD5 || alg == MD4) {
    memory.copy(out, state, 16);
  } else if (alg == SHA512) {
    for (let i: usize = 0; i < 64; i += 8) store<u64>(out + i, bswap<u64>(load<u64>(state + i)));
  } else {
    const size: usize = alg == SHA1 ? 20 : 32;
    for (let i: usize = 0; i < size; i += 4) store<u32>(out + i, bswap<u32>(load<u32>(state + i)));
  }
}

/** Ends (and, with a seed before the data, beginnings) of up to eight messages, 128 bytes each. */
const ENDS: usize = memory.data(1024, 16);
const STATE: usize = memory.data(64, 16);

/** Digest (MD4, MD5 or SHA-1) of `length` bytes at `p` with the seed where `mode` says, at `out`. */
export function digestOne(alg: u32, p: usize, length: u32, mode: u32, seed: u32, out: usize): void {
  const end = p + length;
  let used: u32 = 0;
  let total: u64 = length;
  digestInit(alg, STATE);
  if (mode == SEED_BEFORE) {
    total += 4;
    store<u32>(ENDS, seed);
    used = 4;
    if (length >= 60) {
      memory.copy(ENDS + 4, p, 60);
      digestCompress(alg, ENDS, 1, STATE);
      p += 60;
      used = 0;
    }
  }
  const blocks = <u32>(end - p) >> 6;
  if (blocks != 0 && used == 0) {
    digestCompress(alg, p, blocks, STATE);
    p += blocks << 6;
  }
  const rest = <u32>(end - p);
  memory.copy(ENDS + used, p, rest);
  used += rest;
  if (mode == SEED_AFTER) {
    total += 4;
    store<u32>(ENDS + used, seed);
    used += 4;
  }
  if (used >= 64) {
    digestCompress(alg, ENDS, 1, STATE);
    used -= 64;
    store<u32>(ENDS, load<u32>(ENDS, 64));
  }
  digestFinish(alg, STATE, ENDS, used, total, out);
}

@inline
function compressLanes(
  alg: u32, p0: usize, p1: usize, p2: usize, p3: usize, p4: usize, p5: usize, p6: usize, p7: usize, count: u32,
): void {
  if (alg == MD5) md5CompressLanes(p0, p1, p2, p3, p4, p5, p6, p7, count);
  else if (alg == MD4) md4CompressLanes(p0, p1, p2, p3, p4, p5, p6, p7, count);
  else sha1CompressLanes(p0, p1, p2, p3, p4, p5, p6, p7, count);
}

@inline
function compressEnds(alg: u32, count: u32): void {
  compressLanes(alg, ENDS, ENDS + 128, ENDS + 256, ENDS + 384, ENDS + 512, ENDS + 640, ENDS + 768, ENDS + 896, count);
}

/** Digests of eight messages, 16 bytes each, then (SHA-1) their fifth words. */
const DIGESTS: usize = memory.data(160, 16);

/**
 * MD4, MD5 or SHA-1 of `count` (1 to 8) messages of `length` bytes, `stride` apart from `p` on. Digests
 * go to `out`, `outStride` apart, in ascending order and always whole: the next one overwrites what
 * is too much, so `out` needs 20 bytes of slack. Missing lanes repeat the first.
 */
export function digestLanes(
  alg: u32, p: usize, stride: usize, count: u32, length: u32, mode: u32, seed: u32, out: usize, outStride: usize,
): void {
  const initial = INITIAL;
  for (let i: usize = 0; i < 5; i++) {
    const word = v128.load_splat<u32>(initial + i * 4);
    v128.store(LANE_STATE + i * 16, word);
    v128.store(LANE_STATE + LANE_SET + i * 16, word);
  }
  const total: u64 = mode == SEED_BEFORE || mode == SEED_AFTER ? <u64>length + 4 : length;
  let done: u32 = 0;
  let prefix: u32 = 0;
  if (mode == SEED_BEFORE) {
    for (let i: u32 = 0; i < 8; i++) store<u32>(ENDS + i * 128, seed);
    if (length >= 60) {
      for (let i: u32 = 0; i < count; i++) memory.copy(ENDS + i * 128 + 4, p + <usize>i * stride, 60);
      compressEnds(alg, 1);
      done = 60;
    } else {
      prefix = 4;
    }
  }
  const blocks = (length - done) >> 6;
  if (blocks != 0 && prefix == 0) {
    const q = p + done;
    compressLanes(
      alg, q,
      count > 1 ? q + stride : q,
      count > 2 ? q + 2 * stride : q,
      count > 3 ? q + 3 * stride : q,
      count > 4 ? q + 4 * stride : q,
      count > 5 ? q + 5 * stride : q,
      count > 6 ? q + 6 * stride : q,
      count > 7 ? q + 7 * stride : q,
      blocks,
    );
    done += blocks << 6;
  }
  const rest = length - done;
  let endBlocks: u32 = 1;
  for (let i: u32 = 0; i < count; i++) {
    const end = ENDS + i * 128;
    let used = prefix + rest;
    memory.copy(end + prefix, p + <usize>i * stride + done, rest);
    if (mode == SEED_AFTER) {
      store<u32>(end + used, seed);
      used += 4;
    }
    if (used < 64) {
      endBlocks = pad(alg, end, used, total);
    } else {
      // The seed itself crossed the block boundary: one full block, then a padded one.
      pad(alg, end + 64, used - 64, total);
      endBlocks = 2;
    }
  }
  compressEnds(alg, endBlocks);
  for (let set: usize = 0; set < 2; set++) {
    const s = LANE_STATE + set * LANE_SET;
    transpose4(v128.load(s), v128.load(s, 16), v128.load(s, 32), v128.load(s, 48), DIGESTS + set * 64, 16);
    v128.store(DIGESTS + 128 + set * 16, swapWords(v128.load(s, 64)));
  }
  for (let i: u32 = 0; i < count; i++) {
    const digest = v128.load(DIGESTS + <usize>i * 16);
    const o = out + <usize>i * outStride;
    if (alg == SHA1) {
      v128.store(o, swapWords(digest));
      store<u32>(o, load<u32>(DIGESTS + 128 + <usize>i * 4), 16);
    } else {
      v128.store(o, digest);
    }
  }
}
