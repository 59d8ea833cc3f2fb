/** XXH64, one-shot over kernel memory and the pieces a stream needs. */

export const P32_1: u64 = 0x9e3779b1, P32_2: u64 = 0x85ebca77, P32_3: u64 = 0xc2b2ae3d;
export const P64_1: u64 = 0x9e3779b185ebca87, P64_2: u64 = 0xc2b2ae3d27d4eb4f, P64_3: u64 = 0x165667b19e3779f9;
export const P64_4: u64 = 0x85ebca77c2b2ae63, P64_5: u64 = 0x27d4eb2f165667c5;

/** Final mix of XXH64, also used by XXH3 for its shortest inputs. */
@inline
export function avalanche64(h: u64): u64 {
  h ^= h >> 33;
  h *= P64_2;
  h ^= h >> 29;
  h *= P64_3;
  return h ^ (h >> 32);
}

@inline
function round(acc: u64, input: u64): u64 {
  return rotl<u64>(acc + input * P64_2, 31) * P64_1;
}

@inline
function merge(h: u64, acc: u64): u64 {
  return (h ^ round(0, acc)) * P64_1 + P64_4;
}

/** Set the four accumulators at `state`. */
export function xxh64Init(state: usize, seed: u64): void {
  store<u64>(state, seed + P64_1 + P64_2);
  store<u64>(state, seed + P64_2, 8);
  store<u64>(state, seed, 16);
  store<u64>(state, seed - P64_1, 24);
}

/** Fold `count` stripes of 32 bytes at `p` into the accumulators at `state`. */
export function xxh64Consume(p: usize, count: u32, state: usize): void {
  let v1 = load<u64>(state), v2 = load<u64>(state, 8), v3 = load<u64>(state, 16), v4 = load<u64>(state, 24);
  for (; count != 0; count--) {
    v1 = round(v1, load<u64>(p));
    v2 = round(v2, load<u64>(p, 8));
    v3 = round(v3, load<u64>(p, 16));
    v4 = round(v4, load<u64>(p, 24));
    p += 32;
  }
  store<u64>(state, v1);
  store<u64>(state, v2, 8);
  store<u64>(state, v3, 16);
  store<u64>(state, v4, 24);
}

/** Result: the accumulators, then the last `total` mod 32 bytes, which are at `p`. */
export function xxh64Finish(state: usize, seed: u64, p: usize, total: u64): u64 {
  let h: u64;
  if (total >= 32) {
    const v1 = load<u64>(state), v2 = load<u64>(state, 8), v3 = load<u64>(state, 16), v4 = load<u64>(state, 24);
    h = rotl<u64>(v1, 1) + rotl<u64>(v2, 7) + rotl<u64>(v3, 12) + rotl<u64>(v4, 18);
    h = merge(merge(merge(merge(h, v1), v2), v3), v4);
  } else {
    h = seed + P64_5;
  }
  h += total;
  const end = p + (<usize>total & 31);
  for (; p + 8 <= end; p += 8) h = rotl<u64>(h ^ round(0, load<u64>(p)), 27) * P64_1 + P64_4;
  if (p + 4 <= end) {
    h = rotl<u64>(h ^ (<u64>load<u32>(p) * P64_1), 23) * P64_2 + P64_3;
    p += 4;
  }
  for (; p < end; p++) h = rotl<u64>(h ^ (<u64>load<u8>(p) * P64_5), 11) * P64_1;
  return avalanche64(h);
}

const STATE: usize = memory.data(32, 16);

/** XXH64 of `length` bytes at `p`. */
export function xxh64(p: usize, length: u32, seed: u64): u64 {
  if (length >= 32) {
    xxh64Init(STATE, seed);
    xxh64Consume(p, length >> 5, STATE);
  }
  return xxh64Finish(STATE, seed, p + (length & ~31), length);
}
