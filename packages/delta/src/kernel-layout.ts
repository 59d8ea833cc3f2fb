import type { BlockLayout } from '@deltawire/signature';
import { fullBlockCount } from './block-index.ts';

/** Ops that one call of the kernel can report, and their size. */
export const OPS_CAPACITY: number = 1024;
const OP_BYTES = 12;

/** Reads of the strong-sum compare may go so far behind the last sum. */
const SLACK_BYTES = 64;

/** Offsets of the kernel's tables and of the file window, bytes from the kernel's free pointer on. */
export interface KernelLayout {
  readonly filter: number;
  readonly filterWords: number;
  readonly heads: number;
  readonly bucketBits: number;
  readonly sums: number;
  readonly next: number;
  readonly ranks: number;
  readonly strongs: number;
  /** A byte per block. */
  readonly flags: number;
  readonly ops: number;
  readonly window: number;
  /** All of it. */
  readonly byteLength: number;
}

/** Lay out memory for a search; about `14 + strongLength` bytes per block, and twice as many to four times for the buckets. */
export function planKernel(layout: BlockLayout, windowBytes: number): KernelLayout {
  const count = fullBlockCount(layout);
  const bucketBits = Math.max(6, 32 - Math.clz32(2 * count));
  // s2 has 16 bits, so more words than that say nothing. Eight words per block let one offset in 256
  // pass by accident; fewer cost more in false alarms than the smaller table saves.
  const filterWords = 2 ** Math.min(16, Math.max(6, 32 - Math.clz32(8 * count)));
  let end = 0;
  const place = (bytes: number): number => {
    const at = end;
    end = Math.ceil((end + bytes) / 64) * 64;
    return at;
  };
  return {
    filter: place(4 * filterWords),
    filterWords,
    heads: place(4 * 2 ** bucketBits),
    bucketBits,
    sums: place(4 * count),
    next: place(4 * count),
    ranks: place(4 * count),
    strongs: place(count * layout.strongLength + SLACK_BYTES),
    flags: place(count),
    ops: place(OPS_CAPACITY * OP_BYTES),
    window: place(windowBytes + SLACK_BYTES),
    get byteLength() {
      return end + 64;
    },
  };
}
