/** Where the blocks of the basis are in memory, and the tables to find them by weak sum. */
import { strongSum, useSeed } from '../../checksums/assembly/blocks';

/** Blocks of full length; a short last one is not searched for here. */
export let fullCount: u32 = 0;
export let blockLength: u32 = 0;
export let strongLength: u32 = 0;
export let algorithm: u32 = 0;
export let seedMode: u32 = 0;
export let seed: i32 = 0;

/** Weak sums, a word per block. */
export let sums: usize = 0;
/** First `strongLength` bytes of each strong sum, packed; 16 bytes of slack behind. */
let strongs: usize = 0;
/** First (highest) block of each bucket, or -1. */
let heads: usize = 0;
let shift: u32 = 0;
/** Next lower block of the same bucket, or -1. */
let next: usize = 0;
/** How many blocks up to this one have its weak sum. */
let ranks: usize = 0;
/** The highest of them. */
let highestRank: u32 = 0;
/** One bit per (s2, s1 mod 32) that some block has. */
export let filter: usize = 0;
/** Mask for s2 to index `filter`. */
export let filterMask: u32 = 0;

/** All ones in the first `strongLength` bytes. */
const MASK: usize = memory.data(16, 16);

/** Candidates with the right weak sum that are looked at per offset (docs/spec/data.md §7.2 step 1). */
export const MAX_CANDIDATES: u32 = 1024;

/** Chains longer than this are not followed to count ranks: a wrong, too high rank only costs speed. */
const MAX_RANK_STEPS: u32 = 64;

/** What the blocks are. */
export function useBlocks(count: u32, block: u32, strong: u32, alg: u32, mode: u32, seedValue: i32): void {
  fullCount = count;
  blockLength = block;
  strongLength = strong;
  algorithm = alg;
  seedMode = mode;
  seed = seedValue;
  useSeed(alg, seedValue);
  v128.store(MASK, i64x2.splat(0));
  memory.fill(MASK, 0xff, strong);
}

/** Where their tables are; `filterWords` and `1 << bucketBits` are their sizes. */
export function useTables(
  sumsAt: usize, strongsAt: usize, nextAt: usize, ranksAt: usize, headsAt: usize, bucketBits: u32, filterAt: usize, filterWords: u32,
): void {
  sums = sumsAt;
  strongs = strongsAt;
  next = nextAt;
  ranks = ranksAt;
  heads = headsAt;
  shift = 32 - bucketBits;
  filter = filterAt;
  filterMask = filterWords - 1;
}

@inline
function headOf(sum: u32): usize {
  return heads + <usize>(((sum * 0x9e3779b1) >>> shift) << 2);
}

/** Fill the tables from the weak sums. */
export function buildTables(): void {
  memory.fill(heads, 0xff, <usize>4 << (32 - shift));
  memory.fill(filter, 0, <usize>(filterMask + 1) << 2);
  highestRank = 0;
  // Ascending insertion at the head: the highest index comes first.
  for (let i: u32 = 0; i < fullCount; i++) {
    const sum = load<u32>(sums + (<usize>i << 2));
    const word = filter + <usize>(((sum >>> 16) & filterMask) << 2);
    store<u32>(word, load<u32>(word) | (1 << (sum & 31)));
    const head = headOf(sum);
    const first = load<i32>(head);
    const rank = rankBelow(first, sum) + 1;
    highestRank = max<u32>(highestRank, rank);
    store<u32>(ranks + (<usize>i << 2), rank);
    store<i32>(next + (<usize>i << 2), first);
    store<i32>(head, i);
  }
}

function rankBelow(first: i32, sum: u32): u32 {
  let steps: u32 = 0;
  for (let i = first; i >= 0; i = nextOf(i)) {
    if (sumOf(i) == sum) return load<u32>(ranks + (<usize>i << 2));
    if (++steps > MAX_RANK_STEPS) return MAX_CANDIDATES;
  }
  return 0;
}

@inline
export function sumOf(block: u32): u32 {
  return load<u32>(sums + (<usize>block << 2));
}

@inline
export function nextOf(block: i32): i32 {
  return load<i32>(next + (<usize>block << 2));
}

/** Highest block of the bucket of `sum`, or -1. */
@inline
export function firstOf(sum: u32): i32 {
  return load<i32>(headOf(sum));
}

/** Has some block this weak sum? */
export function hasWeakSum(sum: u32): bool {
  let block = firstOf(sum);
  while (block >= 0 && sumOf(block) != sum) block = nextOf(block);
  return block >= 0;
}

/** Is the strong sum of `block` the beginning of the digest at `digest`? */
@inline
export function hasDigest(block: u32, digest: usize): bool {
  const difference = v128.xor(v128.load(strongs + <usize>block * strongLength), v128.load(digest));
  return !v128.any_true(v128.and(difference, v128.load(MASK)));
}

/**
 * Would a walk over the candidates find `block`, or an equal one before it? `block` is known to fit,
 * but behind 1024 others of the same weak sum it is not found.
 */
export function isReachable(block: u32): bool {
  // Hardly any file has so many blocks alike, and to find the first one is the dearest step of a match.
  if (highestRank <= MAX_CANDIDATES) return true;
  const sum = sumOf(block);
  let first = firstOf(sum);
  while (sumOf(first) != sum) first = nextOf(first);
  const above = load<u32>(ranks + (<usize>first << 2)) - load<u32>(ranks + (<usize>block << 2));
  return above < MAX_CANDIDATES || hasDigest(block, strongs + <usize>first * strongLength);
}

/** Strong sum of the block-sized window at `p`, at `out` (20 bytes). */
@inline
export function digestAt(p: usize, out: usize): void {
  strongSum(algorithm, p, blockLength, seedMode, seed, out);
}
