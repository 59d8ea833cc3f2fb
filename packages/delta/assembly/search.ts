/** Entry of the search module: finds blocks in the part of a file that is in memory. */
import { weakSum } from '../../checksums/assembly/weak-sum';
import { acceptWanted, beginChoosing, choose, isInPlace, matchedAt, want, wantedLiesAt } from './choose';
import { digestOf, forgetDigests, hasLanes, isKnownAs, LANES, moveDigests } from './digests';
import { blockLength, filter, filterMask, fullCount, hasDigest, hasWeakSum, isReachable, sumOf } from './tables';

export { placeFile } from './choose';
export { buildTables, useBlocks, useTables } from './tables';

/** Where found matches go: literal bytes before, first block, number of blocks, 12 bytes each. */
let ops: usize = 0;
let opsMax: u32 = 0;
let opCount: u32 = 0;

/** Address of the search window. */
let current: usize = 0;
/** Address behind what has been emitted: where the pending literal begins. */
let literal: usize = 0;
/** There is no match at `current`, and `s1` and `s2` belong to it. */
let isChecked: bool = false;
let s1: u32 = 0;
let s2: u32 = 0;
/** More bytes are wanted before the search goes on, because several blocks are then hashed at once. */
let isStarved: bool = false;

/** First address that the module itself does not use. */
export function freePointer(): usize {
  return __heap_base;
}

/** Begin a search of a file whose first byte is at `p`. */
export function begin(p: usize, flags: usize, opsAt: usize, opsCapacity: u32): void {
  beginChoosing(flags);
  ops = opsAt;
  opsMax = opsCapacity;
  current = p;
  literal = p;
  isChecked = false;
  forgetDigests();
}

/** The bytes in memory have moved down by `by`. */
export function moved(by: usize): void {
  current -= by;
  literal -= by;
  moveDigests(by);
}

/** Address of the search window. */
export function position(): usize {
  return current;
}

/** Address behind what has been emitted. */
export function emitted(): usize {
  return literal;
}

/** The host has emitted the pending literal up to `p`. */
export function emitLiteral(p: usize): void {
  literal = p;
}

/**
 * Search on, until the bytes in memory, which end at `end`, are as good as used up or `ops` is full.
 * `isLast`: the file ends there. Returns the number of ops.
 */
export function scan(end: usize, isLast: bool): u32 {
  const k = blockLength;
  // Alignment looks at the next block, too.
  const ahead: usize = isInPlace() && !isLast ? 2 * k : k;
  const last = end - ahead;
  const from = current;
  let p = from;
  opCount = 0;
  if (end < ahead || p > last || (isChecked && p == last)) return 0;
  if (isChecked) p = rollToCandidate(p, last);
  else setSums(weakSum(p, k));
  while (true) {
    // The sums belong to p.
    if (isCandidate(s1, s2)) {
      const block = choose(p, (s1 & 0xffff) | (s2 << 16), last, end);
      if (block >= 0) {
        emit(matchedAt, block);
        continueRow(from, last, isLast);
        p = literal;
        if (p > last || opCount == opsMax || isStarved) {
          isChecked = false;
          break;
        }
        setSums(weakSum(p, k));
        continue;
      }
    }
    if (p == last) {
      isChecked = true;
      break;
    }
    p = rollToCandidate(p, last);
  }
  current = p;
  return opCount;
}

@inline
function setSums(sum: u32): void {
  s1 = sum & 0xffff;
  s2 = sum >>> 16;
}

@inline
function isCandidate(a: u32, b: u32): bool {
  return ((load<u32>(filter + <usize>((b & filterMask) << 2)) >>> a) & 1) != 0;
}

/** Put a match at `p` behind the pending literal into `ops`, or add it to the run that is there. */
function emit(p: usize, block: u32): void {
  const gap = <u32>(p - literal);
  literal = p + blockLength;
  if (gap == 0 && opCount != 0) {
    const open = ops + <usize>(opCount - 1) * 12;
    if (load<u32>(open, 4) + load<u32>(open, 8) == block) {
      store<u32>(open, load<u32>(open, 8) + 1, 8);
      return;
    }
  }
  const op = ops + <usize>opCount * 12;
  store<u32>(op, gap);
  store<u32>(op, block, 4);
  store<u32>(op, 1, 8);
  opCount++;
}

/**
 * After a match the next block is expected, and need not be searched for: take it, and those behind
 * it, as long as the rules would find the same. `from` is where this scan began.
 */
function continueRow(from: usize, last: usize, isLast: bool): void {
  const k = blockLength;
  isStarved = false;
  while (literal <= last && opCount < opsMax) {
    const p = literal, block = want;
    if (block >= fullCount || (isInPlace() && !wantedLiesAt(p))) return;
    if (!isKnownAs(p, block)) {
      const isShort = hasLanes() && (last - p) / k + 1 < LANES && fullCount - block >= LANES;
      if (isShort && !isLast && p - from >= LANES * k) {
        isStarved = true;
        return;
      }
      if (weakSum(p, k) != sumOf(block)) return;
    }
    if (!isReachable(block) || !hasDigest(block, digestOf(p, block, last))) return;
    acceptWanted();
    emit(p, block);
  }
}

/** Shifts in and sums up: lanes 0...7 become the sums of lanes 0...i. */
@inline
function prefixSums(v: v128): v128 {
  const z = i16x8.splat(0);
  v = i16x8.add(v, v128.shuffle<u8>(z, v, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29));
  v = i16x8.add(v, v128.shuffle<u8>(z, v, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27));
  return i16x8.add(v, v128.shuffle<u8>(z, v, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23));
}

/** 1 << n for the bytes n of a 32-bit lane less 0, 8, 16, 24: the one that is in 0...7 sets its bit. */
const BITS: usize = memory.data<u8>([1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0], 16);
const BYTE_OFFSETS: usize = memory.data<u8>([0, 8, 16, 24, 0, 8, 16, 24, 0, 8, 16, 24, 0, 8, 16, 24], 16);

/** The filter's words for the sums in four lanes: `words` are their places, 16 bits each. */
@inline
function filterWords(f: usize, words: u64): v128 {
  const w = v128.load32_zero(f + <usize>((words & 0xffff) << 2));
  const x = v128.load_lane<u32>(f + <usize>(((words >>> 16) & 0xffff) << 2), w, 1);
  const y = v128.load_lane<u32>(f + <usize>(((words >>> 32) & 0xffff) << 2), x, 2);
  return v128.load_lane<u32>(f + <usize>((words >>> 48) << 2), y, 3);
}

/** The sums at eight positions in a row. */
const LANE_SUMS: usize = memory.data(32, 16);

/** First of the eight positions at `LANE_SUMS` whose weak sum some block has, or 8. */
function firstCandidateLane(): u32 {
  for (let lane: u32 = 0; lane < 8; lane++) {
    const a: u32 = load<u16>(LANE_SUMS + (lane << 1)), b: u32 = load<u16>(LANE_SUMS + (lane << 1), 16);
    if (isCandidate(a, b) && hasWeakSum(a | (b << 16))) return lane;
  }
  return 8;
}

/** Roll from `p`, at least one byte, to the next candidate or to `last`; the sums go along. */
function rollToCandidate(p: usize, last: usize): usize {
  const k = blockLength, f = filter;
  let a = s1, b = s2;
  if (p + 8 <= last) {
    const weight = i16x8.splat(<i16>k), mask = i16x8.splat(<i16>filterMask);
    const bits = v128.load(BITS), offsets = v128.load(BYTE_OFFSETS), low5 = i16x8.splat(31);
    let a8 = i16x8.splat(<i16>a), b8 = i16x8.splat(<i16>b);
    while (p + 8 <= last) {
      const out = v128.load8x8_s(p);
      const a1 = i16x8.add(a8, prefixSums(i16x8.sub(v128.load8x8_s(p + k), out)));
      const b1 = i16x8.add(b8, prefixSums(i16x8.sub(a1, i16x8.mul(out, weight))));
      const words = v128.and(b1, mask);
      const n = v128.and(a1, low5);
      const n0 = i8x16.sub(v128.shuffle<u8>(n, n, 0, 0, 0, 0, 2, 2, 2, 2, 4, 4, 4, 4, 6, 6, 6, 6), offsets);
      const n1 = i8x16.sub(v128.shuffle<u8>(n, n, 8, 8, 8, 8, 10, 10, 10, 10, 12, 12, 12, 12, 14, 14, 14, 14), offsets);
      const w0 = filterWords(f, i64x2.extract_lane(words, 0)), w1 = filterWords(f, i64x2.extract_lane(words, 1));
      const found = v128.or(v128.and(w0, i8x16.swizzle(bits, n0)), v128.and(w1, i8x16.swizzle(bits, n1)));
      if (v128.any_true(found)) {
        v128.store(LANE_SUMS, a1);
        v128.store(LANE_SUMS, b1, 16);
        const lane = firstCandidateLane();
        if (lane < 8) {
          s1 = load<u16>(LANE_SUMS + (lane << 1));
          s2 = load<u16>(LANE_SUMS + (lane << 1), 16);
          return p + lane + 1;
        }
      }
      a8 = v128.shuffle<u16>(a1, a1, 7, 7, 7, 7, 7, 7, 7, 7);
      b8 = v128.shuffle<u16>(b1, b1, 7, 7, 7, 7, 7, 7, 7, 7);
      p += 8;
    }
    a = i16x8.extract_lane_u(a8, 0);
    b = i16x8.extract_lane_u(b8, 0);
  }
  while (p < last) {
    const out = <i32>load<i8>(p);
    a += <i32>load<i8>(p + k) - out;
    b += a - k * out;
    p++;
    if (isCandidate(a, b)) break;
  }
  s1 = a;
  s2 = b;
  return p;
}
