/** Entry of the search module: finds blocks in the part of a file that is in memory. */
import { MD4, MD5, SHA1 } from '../../checksums/assembly/algorithms';
import { digestLanes } from '../../checksums/assembly/digest';
import { weakSum } from '../../checksums/assembly/weak-sum';
import { acceptWanted, beginChoosing, choose, isInPlace, matchedAt, want, wantedLiesAt } from './choose';
import { algorithm, blockLength, digestAt, filter, filterMask, fullCount, hasDigest, hasWeakSum, isReachable, seed, seedMode, sumOf } from './tables';

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
/** Matches in a row. */
let inRow: u32 = 0;

/** Digests of eight blocks, 32 bytes apart. */
const DIGESTS: usize = memory.data(288, 16);

/** Lanes cost the same for one block as for eight; below this many, one at a time is faster. */
const LANES_MIN: u32 = 3;

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
  inRow = 0;
}

/** The bytes in memory have moved down by `by`. */
export function moved(by: usize): void {
  current -= by;
  literal -= by;
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
 * Search on, until the bytes in memory, which end at `end`, are used up or `ops` is full. `isLast`:
 * the file ends there. Returns the number of ops.
 */
export function scan(end: usize, isLast: bool): u32 {
  const k = blockLength;
  // Alignment looks at the next block, too.
  const ahead: usize = isInPlace() && !isLast ? 2 * k : k;
  const last = end - ahead;
  let p = current;
  opCount = 0;
  if (end < ahead || p > last || (isChecked && p == last)) return 0;
  if (isChecked) p = rollToCandidate(p, last);
  else setSums(weakSum(p, k));
  while (true) {
    // The sums belong to p.
    if (isCandidate(s1, s2)) {
      const block = choose(p, (s1 & 0xffff) | (s2 << 16), end);
      if (block >= 0) {
        emit(matchedAt, block, 1);
        p = literal;
        while (p <= last && opCount < opsMax) {
          if (!continueRow(p, last)) break;
          p = literal;
        }
        if (p > last || opCount == opsMax) {
          isChecked = false;
          break;
        }
        setSums(weakSum(p, k));
        continue;
      }
    }
    inRow = 0;
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

/** Put a match of `count` blocks at `p` behind the pending literal into `ops`, or add it to the run that is there. */
function emit(p: usize, block: u32, count: u32): void {
  const gap = <u32>(p - literal);
  literal = p + <usize>count * blockLength;
  inRow += count;
  if (gap == 0 && opCount != 0) {
    const open = ops + <usize>(opCount - 1) * 12;
    if (load<u32>(open, 4) + load<u32>(open, 8) == block) {
      store<u32>(open, load<u32>(open, 8) + count, 8);
      return;
    }
  }
  const op = ops + <usize>opCount * 12;
  store<u32>(op, gap);
  store<u32>(op, block, 4);
  store<u32>(op, count, 8);
  opCount++;
}

/**
 * After a match the next block is expected, and need not be searched for: try it, or several at
 * once in lanes. Only where the rules would find the same. False: search as always.
 */
function continueRow(p: usize, last: usize): bool {
  const block = want;
  if (block >= fullCount || (isInPlace() && !wantedLiesAt(p))) return false;
  const k = blockLength;
  let expected: u32 = 0;
  const isLanes = algorithm == MD5 || algorithm == MD4 || algorithm == SHA1;
  const most = isLanes && inRow >= 2 ? <u32>min<usize>(min<usize>(8, fullCount - block), (last - p) / k + 1) : 1;
  while (expected < most && weakSum(p + expected * k, k) == sumOf(block + expected) && isReachable(block + expected)) expected++;
  if (expected == 0) return false;
  if (expected < LANES_MIN) {
    expected = 1;
    digestAt(p, DIGESTS);
  } else {
    digestLanes(algorithm, p, k, expected, k, seedMode, seed, DIGESTS, 32);
  }
  let count: u32 = 0;
  while (count < expected && hasDigest(block + count, DIGESTS + (<usize>count << 5))) {
    acceptWanted();
    count++;
  }
  if (count == 0) return false;
  emit(p, block, count);
  return true;
}

/** Shifts in and sums up: lanes 0...7 become the sums of lanes 0...i. */
@inline
function prefixSums(v: v128): v128 {
  const z = i16x8.splat(0);
  v = i16x8.add(v, v128.shuffle<u8>(z, v, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29));
  v = i16x8.add(v, v128.shuffle<u8>(z, v, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27));
  return i16x8.add(v, v128.shuffle<u8>(z, v, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23));
}

/** Bit 0: what the filter says of lane `lane` (0...3) of the sums. */
@inline
function filterLane(f: usize, a: u64, b: u64, lane: u64): u32 {
  return load<u32>(f + <usize>(((b >>> (lane << 4)) & 0xffff) << 2)) >>> <u32>(a >>> (lane << 4));
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
    let a8 = i16x8.splat(<i16>a), b8 = i16x8.splat(<i16>b);
    while (p + 8 <= last) {
      const out = v128.load8x8_s(p);
      const a1 = i16x8.add(a8, prefixSums(i16x8.sub(v128.load8x8_s(p + k), out)));
      const b1 = i16x8.add(b8, prefixSums(i16x8.sub(a1, i16x8.mul(out, weight))));
      const words = v128.and(b1, mask);
      const x = i64x2.extract_lane(a1, 0), y = i64x2.extract_lane(words, 0);
      const z = i64x2.extract_lane(a1, 1), w = i64x2.extract_lane(words, 1);
      const found = filterLane(f, x, y, 0) | filterLane(f, x, y, 1) | filterLane(f, x, y, 2) | filterLane(f, x, y, 3)
        | filterLane(f, z, w, 0) | filterLane(f, z, w, 1) | filterLane(f, z, w, 2) | filterLane(f, z, w, 3);
      if (found & 1) {
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
