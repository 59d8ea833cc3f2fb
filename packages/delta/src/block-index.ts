import type { TransferChecksum } from '@deltawire/checksums';
import type { Signature } from '@deltawire/signature';

/**
 * Hash tables over the full-length blocks of a signature.
 *
 * A window of full length can only match a full-length block, and a short last block can only match
 * at the very end of the file, so the short block is not in the tables.
 *
 * @internal
 */
export interface WeakTables {
  /** One bit per (s2, s1 mod 32) that some block has: filters nearly all offsets with one load. */
  readonly filter: Int32Array;
  /** Mask for s2 to index `filter`. */
  readonly filterMask: number;
  /** First (highest) block index of each bucket, or -1. */
  readonly heads: Int32Array;
  /** Next lower block index of the same bucket, or -1. */
  readonly next: Int32Array;
  /** Right shift that turns a 32-bit product into a bucket number. */
  readonly shift: number;
}

/** Spreads weak sums over the buckets: 2^32 divided by the golden ratio. */
export const BUCKET_MULTIPLIER: number = 0x9e3779b1 | 0;

/**
 * The blocks of one basis file, ready to be searched for in new data.
 *
 * Costs nothing to create; tables are built by the first search. One index may serve many searches,
 * also at the same time.
 */
export class BlockIndex {
  readonly signature: Signature;
  readonly checksum: TransferChecksum;
  #tables: WeakTables | undefined;

  constructor(signature: Signature, checksum: TransferChecksum) {
    const { blockCount, strongLength } = signature.layout;
    if (signature.weak.length < blockCount || signature.strong.length < blockCount * strongLength) {
      throw new RangeError(`signature has fewer sums than the ${blockCount} blocks of its layout`);
    }
    this.signature = signature;
    this.checksum = checksum;
  }

  /** @internal */
  get tables(): WeakTables {
    this.#tables ??= buildTables(this.signature);
    return this.#tables;
  }
}

/** Number of blocks that have the full block length. */
export function fullBlockCount(layout: Signature['layout']): number {
  return layout.remainderLength === 0 ? layout.blockCount : layout.blockCount - 1;
}

function buildTables(signature: Signature): WeakTables {
  const { weak } = signature;
  const count = fullBlockCount(signature.layout);
  // 16 to 32 filter words per block keep false hits near 1/500; s2 has 16 bits, so 65536 words are all.
  const filterMask = Math.min(powerOfTwo(count * 16), 65536) - 1;
  const filter = new Int32Array(filterMask + 1);
  const buckets = powerOfTwo(count * 2);
  const shift = Math.clz32(buckets - 1);
  const heads = new Int32Array(buckets).fill(-1);
  const next = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const sum = weak[i]! | 0;
    filter[(sum >>> 16) & filterMask]! |= 1 << (sum & 31);
    const bucket = Math.imul(sum, BUCKET_MULTIPLIER) >>> shift;
    next[i] = heads[bucket]!;
    heads[bucket] = i; // ascending insertion at the head: the highest index comes first
  }
  return { filter, filterMask, heads, next, shift };
}

/** The power of two in 64…2^30 that is at least `n`. */
function powerOfTwo(n: number): number {
  if (n <= 64) return 64;
  if (n >= 2 ** 30) return 2 ** 30;
  return 2 ** (32 - Math.clz32(n - 1));
}
