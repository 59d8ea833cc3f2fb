import { hashBlock, weakSum } from '@deltawire/checksums';
import type { Signature } from '@deltawire/signature';
import { BUCKET_MULTIPLIER, type BlockIndex, fullBlockCount, type WeakTables } from './block-index.ts';
import { type DeltaOp, MAX_LITERAL } from './delta-op.ts';
import type { FileWindow } from './file-window.ts';

/** Candidates with the right weak sum that are looked at per offset (docs/spec/data.md §7.2 step 1). */
export const MAX_CANDIDATES: number = 1024;

/** A run of matches is handed out at the latest after this many bytes, so that the caller can breathe. */
export const MAX_RUN_BYTES: number = 4 * 1024 * 1024;

/** Bytes of new file data read at a time. */
const READ_BYTES = 256 * 1024;

/** Window size, bytes: pending literal, two blocks (in-place looks one block ahead), and what is read at a time. */
export function windowBytes(blockLength: number): number {
  return MAX_LITERAL + 2 * blockLength + READ_BYTES;
}

/**
 * Find the blocks of `index` in the file behind `window`, in plain TypeScript.
 *
 * This is the readable form of docs/spec/data.md §7.2; the WebAssembly form must give the same ops.
 */
export function* matchBlocks(
  window: FileWindow,
  fileLength: number,
  index: BlockIndex,
  inPlace: boolean,
): Generator<DeltaOp, void, void> {
  const { layout } = index.signature;
  const { blockLength, remainderLength } = layout;
  const { filter, filterMask } = index.tables;
  const chooser = new BlockChooser(index, window, fileLength, inPlace);
  const runs = new MatchRun(blockLength);
  const bytes = window.bytes;
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  /** Last offset at which a full block fits; no offset at all when every block is short. */
  const lastFull = fullBlockCount(layout) === 0 ? -1 : fileLength - blockLength;

  let last = 0; // file position behind what has been emitted
  let offset = 0; // file position of the search window
  let fresh = true; // sums must be computed, not rolled
  let s1 = 0;
  let s2 = 0;

  while (offset <= lastFull) {
    if (offset + blockLength > window.end || (offset === window.end - blockLength && !fresh)) {
      window.slide(last);
    }
    let p = offset - window.start;
    if (fresh) {
      const sum = weakSum(bytes.subarray(p, p + blockLength));
      s1 = sum & 0xffff;
      s2 = sum >>> 16;
      fresh = false;
    } else if (offset < lastFull || s1 !== -1) {
      // sums already belong to `offset`
    }
    // Roll until a candidate, the end of the window, or a whole literal.
    const stop = Math.min(
      window.end - window.start - blockLength,
      last + MAX_LITERAL - window.start,
    );
    while (((filter[s2 & filterMask]! >>> s1) & 1) === 0 && p < stop) {
      const out = signed[p]!;
      s1 = (s1 + signed[p + blockLength]! - out) | 0;
      s2 = (s2 + s1 - Math.imul(blockLength, out)) | 0;
      p++;
    }
    offset = window.start + p;
    break;
  }
  void [chooser, runs, remainderLength, s1, s2];
}
