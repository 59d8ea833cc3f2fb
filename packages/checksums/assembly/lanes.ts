/** What the hashes in eight lanes share: scratch memory, message transposition, rotation. */

/** Two sets of five state words (MD4 and MD5 use four), each word in four lanes. */
export const LANE_STATE: usize = memory.data(160, 16);
/** Bytes of one set. */
export const LANE_SET: usize = 80;
/** Message words of the block in hand: word i of set s is the vector at (s * 16 + i) * 16. */
export const LANE_WORDS: usize = memory.data(512, 16);

@inline
export function rotate(v: v128, s: i32): v128 {
  return v128.or(i32x4.shl(v, s), i32x4.shr_u(v, 32 - s));
}

/** Every word to the other byte order. */
@inline
export function swapWords(v: v128): v128 {
  return v128.shuffle<u8>(v, v, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

/** Four words each of four messages: rows become columns. */
@inline
export function transpose4(r0: v128, r1: v128, r2: v128, r3: v128, out: usize, step: usize): void {
  const t0 = v128.shuffle<u32>(r0, r1, 0, 4, 1, 5), t1 = v128.shuffle<u32>(r0, r1, 2, 6, 3, 7);
  const t2 = v128.shuffle<u32>(r2, r3, 0, 4, 1, 5), t3 = v128.shuffle<u32>(r2, r3, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<u64>(t0, t2, 0, 2));
  v128.store(out + step, v128.shuffle<u64>(t0, t2, 1, 3));
  v128.store(out + 2 * step, v128.shuffle<u64>(t1, t3, 0, 2));
  v128.store(out + 3 * step, v128.shuffle<u64>(t1, t3, 1, 3));
}

/** The sixteen words of one 64-byte block of four messages. */
@inline
export function transposeBlock(p0: usize, p1: usize, p2: usize, p3: usize, out: usize): void {
  transpose4(v128.load(p0), v128.load(p1), v128.load(p2), v128.load(p3), out, 16);
  transpose4(v128.load(p0, 16), v128.load(p1, 16), v128.load(p2, 16), v128.load(p3, 16), out + 64, 16);
  transpose4(v128.load(p0, 32), v128.load(p1, 32), v128.load(p2, 32), v128.load(p3, 32), out + 128, 16);
  transpose4(v128.load(p0, 48), v128.load(p1, 48), v128.load(p2, 48), v128.load(p3, 48), out + 192, 16);
}
