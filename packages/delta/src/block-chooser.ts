import { hashBlock, weakSum } from '@deltawire/checksums';
import type { Signature } from '@deltawire/signature';
import {
  type BlockIndex,
  BUCKET_MULTIPLIER,
  fullBlockCount,
  type WeakTables,
} from './block-index.ts';
import type { FileWindow } from './file-window.ts';
import type { Search } from './search-input.ts';

/** Candidates with the right weak sum that are looked at per offset (docs/spec/data.md §7.2 step 1). */
export const MAX_CANDIDATES: number = 1024;

/** Decides which block, if any, matches at an offset: docs/spec/data.md §7.2 steps 1 to 4. */
export class BlockChooser {
  /** File position at which the chosen block matches; in-place alignment may move it past the asked one. */
  matchedAt = 0;
  readonly #index: BlockIndex;
  readonly #signature: Signature;
  readonly #tables: WeakTables;
  readonly #window: FileWindow;
  readonly #fileLength: number;
  /** In-place only: blocks that were matched at their own position, so their bytes stay what they are. */
  readonly #sameOffset: Uint8Array | undefined;
  /** The block that would continue the last match. */
  #want = 0;

  constructor({ index, window, fileLength, inPlace }: Search) {
    this.#index = index;
    this.#signature = index.signature;
    this.#tables = index.tables;
    this.#window = window;
    this.#fileLength = fileLength;
    if (inPlace) this.#sameOffset = new Uint8Array(index.signature.layout.blockCount);
  }

  /**
   * The block to match with the full-length window at `offset`, or -1.
   *
   * @param weak - weak sum of the window
   * @param keepFrom - file position from which on the window's bytes are still needed
   */
  choose(offset: number, weak: number, keepFrom: number): number {
    const sum = weak >>> 0;
    const { heads, next, shift } = this.#tables;
    const sums = this.#signature.weak;
    const { blockLength } = this.#signature.layout;
    let digest: Uint8Array | undefined;
    let candidates = 0;
    let block = heads[Math.imul(weak, BUCKET_MULTIPLIER) >>> shift]!;
    for (; block >= 0; block = next[block]!) {
      if (sums[block] !== sum) continue;
      if (++candidates > MAX_CANDIDATES) return -1;
      if (!this.#usable(block, offset)) continue;
      digest ??= this.#digest(offset, blockLength);
      if (this.#hasDigest(block, digest)) break;
    }
    if (block < 0) return -1;
    return this.#select(block, offset, sum, digest!, keepFrom);
  }

  #select(
    found: number,
    offset: number,
    sum: number,
    digest: Uint8Array,
    keepFrom: number,
  ): number {
    this.matchedAt = offset;
    let block = found;
    const aligned = this.#sameOffset === undefined ? -1 : this.#aligned(offset, sum, digest);
    if (aligned >= 0) {
      block = aligned;
      const position = aligned * this.#signature.layout.blockLength;
      if (position !== offset && !this.#matchesAt(position, aligned, keepFrom)) {
        // The zeros do not reach the boundary. rsync takes this block all the same, and looks no
        // further (seen in captured sessions; docs/spec/data.md does not say).
        this.#want = block + 1;
        return block;
      }
      this.#sameOffset![aligned] = 1;
      this.#want = aligned;
      this.matchedAt = position;
    }
    const want = this.#want;
    if (block !== want && this.#fits(want, sum, digest) && this.#usable(want, this.matchedAt)) {
      block = want;
    }
    this.#want = block + 1;
    return block;
  }

  /** In-place: the block whose own position is the next block boundary, if it may be used; otherwise -1. */
  #aligned(offset: number, sum: number, digest: Uint8Array): number {
    const { blockLength } = this.#signature.layout;
    const block = Math.ceil(offset / blockLength);
    const position = block * blockLength;
    // A run of zeros may be let slip to the boundary, so that what follows stays where it is.
    const slips = sum === 0 && position + blockLength <= this.#fileLength;
    return (position === offset || slips) && this.#fits(block, sum, digest) ? block : -1;
  }

  #matchesAt(position: number, block: number, keepFrom: number): boolean {
    const { blockLength } = this.#signature.layout;
    if (position + blockLength > this.#window.end) this.#window.slide(keepFrom);
    return (
      weakSum(this.#view(position, blockLength)) === this.#signature.weak[block] &&
      this.#hasDigest(block, this.#digest(position, blockLength))
    );
  }

  /** Does `block` exist in full length with these sums? */
  #fits(block: number, sum: number, digest: Uint8Array): boolean {
    return (
      block < fullBlockCount(this.#signature.layout) &&
      this.#signature.weak[block] === sum &&
      this.#hasDigest(block, digest)
    );
  }

  /** In-place, the bytes of a block before `offset` are overwritten, unless they were left as they are. */
  #usable(block: number, offset: number): boolean {
    return (
      this.#sameOffset === undefined ||
      block * this.#signature.layout.blockLength >= offset ||
      this.#sameOffset[block] === 1
    );
  }

  #hasDigest(block: number, digest: Uint8Array): boolean {
    const { strong, layout } = this.#signature;
    const at = block * layout.strongLength;
    for (let i = 0; i < layout.strongLength; i++) {
      if (strong[at + i] !== digest[i]) return false;
    }
    return true;
  }

  #digest(offset: number, length: number): Uint8Array {
    return hashBlock(this.#index.checksum, this.#view(offset, length));
  }

  #view(offset: number, length: number): Uint8Array {
    const start = offset - this.#window.start;
    return this.#window.bytes.subarray(start, start + length);
  }
}
