/**
 * Hashes fed in pieces. The whole state is one struct at `STATE`, which the host saves and restores
 * when it has several hashes under way:
 *
 *     0    64   words or accumulators
 *     64   8    bytes so far
 *     72   4    bytes in the buffer
 *     76   4    XXH3: stripes since the last scramble
 *     80   8    seed parameter
 *     96   256  buffer
 *     352  192  XXH3: secret of the seed
 */
import { XXH128, XXH3, XXH64 } from './algorithms';
import { digestBlock, digestCompress, digestFinish, digestInit } from './digest';
import { XXH3_SHORT_MAX, xxh3Consume, xxh3Init, xxh3LastStripe, xxh3Merge, xxh3MergeHigh, xxh3Secret } from './xxh3';
import { xxh128Short, xxh3Short } from './xxh3-short';
import { xxh64Consume, xxh64Finish, xxh64Init } from './xxh64';

export const STATE_BYTES: u32 = 544;
export const STATE: usize = memory.data(544, 16);
const BUFFER: usize = STATE + 96;
const SECRET: usize = STATE + 352;
/** XXH3 buffers four stripes. */
const BUFFER3: u32 = 256;
/** Copy of the accumulators and of the last stripe while a digest is taken. */
const LAST: usize = memory.data(64, 16);

@inline
function isXxh3(alg: u32): bool {
  return alg == XXH128 || alg == XXH3;
}

@inline
function buffered(): u32 {
  return load<u32>(STATE, 72);
}

@inline
function setBuffered(n: u32): void {
  store<u32>(STATE, n, 72);
}

/** Begin a hash; `seed` is used by the XXH family only. */
export function streamInit(alg: u32, seed: i32): void {
  const wide = <u64>(<i64>seed);
  store<u64>(STATE, 0, 64);
  store<u64>(STATE, 0, 72);
  store<u64>(STATE, wide, 80);
  if (isXxh3(alg)) {
    xxh3Init(STATE);
    xxh3Secret(SECRET, wide);
  } else if (alg == XXH64) {
    xxh64Init(STATE, wide);
  } else {
    digestInit(alg, STATE);
  }
}

/** Add `length` bytes at `p`. */
export function streamUpdate(alg: u32, p: usize, length: u32): void {
  store<u64>(STATE, load<u64>(STATE, 64) + length, 64);
  if (isXxh3(alg)) {
    update3(p, length);
    return;
  }
  const block: u32 = alg == XXH64 ? 32 : digestBlock(alg);
  const have = buffered();
  if (have != 0) {
    const n = min<u32>(block - have, length);
    memory.copy(BUFFER + have, p, n);
    p += n;
    length -= n;
    if (have + n < block) {
      setBuffered(have + n);
      return;
    }
    consume(alg, BUFFER, 1);
  }
  const blocks = length / block;
  if (blocks != 0) consume(alg, p, blocks);
  const rest = length - blocks * block;
  memory.copy(BUFFER, p + blocks * block, rest);
  setBuffered(rest);
}

function consume(alg: u32, p: usize, blocks: u32): void {
  if (alg == XXH64) xxh64Consume(p, blocks, STATE);
  else digestCompress(alg, p, blocks, STATE);
}

function consume3(p: usize, stripes: u32): void {
  store<u32>(STATE, xxh3Consume(p, stripes, STATE, SECRET, load<u32>(STATE, 76)), 76);
}

/**
 * XXH3 treats its last 64 bytes apart, so at least one byte always stays in the buffer, and the
 * buffer's end keeps the stripe that was consumed last.
 */
function update3(p: usize, length: u32): void {
  const have = buffered();
  if (length <= BUFFER3 - have) {
    memory.copy(BUFFER + have, p, length);
    setBuffered(have + length);
    return;
  }
  if (have != 0) {
    const n = BUFFER3 - have;
    memory.copy(BUFFER + have, p, n);
    p += n;
    length -= n;
    consume3(BUFFER, BUFFER3 / 64);
  }
  if (length > BUFFER3) {
    const stripes = (length - 1) >> 6;
    consume3(p, stripes);
    p += stripes << 6;
    length -= stripes << 6;
    memory.copy(BUFFER + BUFFER3 - 64, p - 64, 64);
  }
  memory.copy(BUFFER, p, length);
  setBuffered(length);
}

/** Put the digest in wire order at `out`. The state is used up. */
export function streamDigest(alg: u32, out: usize): void {
  const total = load<u64>(STATE, 64);
  const have = buffered();
  const seed = load<u64>(STATE, 80);
  if (alg == XXH64) {
    store<u64>(out, xxh64Finish(STATE, seed, BUFFER, total));
  } else if (!isXxh3(alg)) {
    digestFinish(alg, STATE, BUFFER, have, total, out);
  } else if (total <= XXH3_SHORT_MAX) {
    if (alg == XXH128) xxh128Short(BUFFER, have, seed, out);
    else store<u64>(out, xxh3Short(BUFFER, have, seed));
  } else {
    if (have >= 64) {
      consume3(BUFFER, (have - 1) >> 6);
      memory.copy(LAST, BUFFER + have - 64, 64);
    } else {
      memory.copy(LAST, BUFFER + BUFFER3 - (64 - have), 64 - have);
      memory.copy(LAST + 64 - have, BUFFER, have);
    }
    xxh3LastStripe(LAST, STATE, SECRET);
    store<u64>(out, xxh3Merge(STATE, SECRET, total));
    if (alg == XXH128) store<u64>(out, xxh3MergeHigh(STATE, SECRET, total), 8);
  }
}
