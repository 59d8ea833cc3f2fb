/** Which block matches at an offset: docs/spec/data.md §7.2 steps 1 to 4, as in `src/block-chooser.ts`. */
import { weakSum } from '../../checksums/assembly/weak-sum';
import { digestOf } from './digests';
import { blockLength, digestAt, firstOf, fullCount, hasDigest, MAX_CANDIDATES, nextOf, sumOf } from './tables';

/** The block that would continue the last match. */
export let want: u32 = 0;
/** Address at which the chosen block matches; alignment may move it past the asked one. */
export let matchedAt: usize = 0;

/** The wanted block is not to be preferred to the chosen one. */
let isDecided: bool = false;

/** In-place only: a byte per block, 1 when it was matched at its own position; 0 when not in place. */
let sameOffset: usize = 0;
/** File position of address 0, modulo 2^64. */
let base: u64 = 0;

/** Where the digest of the window in question is. */
let digest: usize = 0;
const ALIGNED_DIGEST: usize = memory.data(32, 16);

/** Begin a search; `flags` is the address of a byte per block, or 0 when not in place. */
export function beginChoosing(flags: usize): void {
  want = 0;
  sameOffset = flags;
  if (flags != 0) memory.fill(flags, 0, fullCount);
}

/** The file's byte at `position` is at address `p`. */
export function placeFile(p: usize, position: f64): void {
  base = <u64>position - <u64>p;
}

@inline
export function isInPlace(): bool {
  return sameOffset != 0;
}

/** `want` matched at `p`, where it lies in the basis, too, if in place. */
@inline
export function acceptWanted(): void {
  if (sameOffset != 0) store<u8>(sameOffset + want, 1);
  want++;
}

/** Does the wanted block lie at address `p` in the basis, too? */
@inline
export function wantedLiesAt(p: usize): bool {
  return <u64>want * blockLength == base + p;
}

/** In-place, the bytes of a block before the offset are overwritten, unless they were left as they are. */
@inline
function isUsable(block: u32, p: usize): bool {
  return sameOffset == 0 || <u64>block * blockLength >= base + p || load<u8>(sameOffset + block) != 0;
}

@inline
function fits(block: u32, sum: u32): bool {
  return block < fullCount && sumOf(block) == sum && hasDigest(block, digest);
}

/**
 * The block to match at `p`, where the weak sum is `sum`, or -1. The last window is at `last`, and the
 * file's bytes end at `end`.
 */
export function choose(p: usize, sum: u32, last: usize, end: usize): i32 {
  let candidates: u32 = 0;
  let hashed = false;
  let found = firstOf(sum);
  for (; found >= 0; found = nextOf(found)) {
    if (sumOf(found) != sum) continue;
    if (++candidates > MAX_CANDIDATES) return -1;
    if (!isUsable(found, p)) continue;
    if (!hashed) {
      digest = digestOf(p, found, last);
      hashed = true;
    }
    if (hasDigest(found, digest)) break;
  }
  if (found < 0) return -1;
  matchedAt = p;
  isDecided = false;
  const aligned = sameOffset != 0 ? chooseAligned(p, sum, end) : -1;
  if (aligned >= 0) found = aligned;
  if (!isDecided && found != want && fits(want, sum) && isUsable(want, matchedAt)) found = want;
  want = found + 1;
  return found;
}

/** In-place: the block whose own position is the next block boundary, if it may be used; otherwise -1. */
function chooseAligned(p: usize, sum: u32, end: usize): i32 {
  const offset = base + p;
  const block = <u32>((offset + blockLength - 1) / blockLength);
  const at = <usize>(<u64>block * blockLength - base);
  if (at != p && (sum != 0 || at + blockLength > end)) return -1;
  if (!fits(block, sum)) return -1;
  if (at != p) {
    // A run of zeros is let slip to the boundary, if it reaches that far, so that what follows stays
    // where it is. If it does not, rsync takes this block all the same, and looks no further.
    isDecided = true;
    if (weakSum(at, blockLength) != sum) return block;
    digestAt(at, ALIGNED_DIGEST);
    if (!hasDigest(block, ALIGNED_DIGEST)) return block;
    isDecided = false;
  }
  store<u8>(sameOffset + block, 1);
  want = block;
  matchedAt = at;
  return block;
}
