/** Strong sums of block-sized windows, of several in a row at once where that is faster. */
import { MD4, MD5, SHA1 } from '../../checksums/assembly/algorithms';
import { digestLanes } from '../../checksums/assembly/digest';
import { weakSum } from '../../checksums/assembly/weak-sum';
import { algorithm, blockLength, digestAt, fullCount, seed, seedMode, sumOf } from './tables';

/** Windows that are hashed side by side. */
export const LANES: u32 = 8;
/** Lanes cost the same for one window as for eight; below this many, one at a time is faster. */
const LANES_MIN: u32 = 3;

/** Digests of the windows that are known, 32 bytes apart. */
const DIGESTS: usize = memory.data(288, 16);
/** Address of the first of them, and the block that has its weak sum; they follow one another. */
let first: usize = 0;
let firstBlock: u32 = 0;
let known: u32 = 0;

/** Forget everything. */
export function forgetDigests(): void {
  known = 0;
}

/** The bytes in memory have moved down by `by`. */
export function moveDigests(by: usize): void {
  first -= by;
}

@inline
export function hasLanes(): bool {
  return algorithm == MD5 || algorithm == MD4 || algorithm == SHA1;
}

/** Which of the known windows is the one at `p`; `known` when none is. */
function indexOf(p: usize): u32 {
  const offset = p - first;
  if (offset >= <usize>known * blockLength) return known;
  const i = <u32>(offset / blockLength);
  return <usize>i * blockLength == offset ? i : known;
}

/** Is it known that the window at `p` has the weak sum of `block`, and its digest too? */
export function isKnownAs(p: usize, block: u32): bool {
  const i = indexOf(p);
  return i < known && firstBlock + i == block;
}

/**
 * Address of the digest of the window at `p`, whose weak sum is that of `block`. If the blocks that follow
 * it in the basis seem to follow here, too, their digests are computed at the same time. The last
 * window in memory is at `last`.
 */
export function digestOf(p: usize, block: u32, last: usize): usize {
  const there = indexOf(p);
  if (there < known) return DIGESTS + (<usize>there << 5);
  const k = blockLength;
  let count: u32 = 1;
  if (hasLanes()) {
    const most = <u32>min<usize>(min<usize>(LANES, fullCount - block), (last - p) / k + 1);
    while (count < most && weakSum(p + count * k, k) == sumOf(block + count)) count++;
  }
  if (count >= LANES_MIN) {
    digestLanes(algorithm, p, k, count, k, seedMode, seed, DIGESTS, 32);
  } else {
    count = 1;
    digestAt(p, DIGESTS);
  }
  first = p;
  firstBlock = block;
  known = count;
  return DIGESTS;
}
