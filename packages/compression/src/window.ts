/** How far deflate looks back, bytes. */
export const WINDOW_BYTES = 32_768;

/** Most bytes of one stored deflate block: how much rsync inserts at a time. */
const PIECE_MAX_BYTES = 65_535;

/** From this protocol on, long blocks are inserted as they are. */
const FIRST_WITH_WHOLE_BLOCKS = 31;

/** Consecutive matched blocks. Only the last one may be shorter than the others. */
export interface MatchedRun {
  /** Where the run begins in the file that it is read from. */
  readonly position: number;
  /** Bytes of the whole run. */
  readonly length: number;
  /** Bytes of one block. */
  readonly blockLength: number;
}

/** A stretch of a file. */
export interface Range {
  readonly position: number;
  readonly length: number;
}

/**
 * The parts of matched data that are in zlib's window after a run was inserted, in order: reading
 * these is as good as reading all of it. At most {@link WINDOW_BYTES}.
 *
 * Below protocol 31, rsync inserts blocks of more than 65535 bytes wrongly: each piece of 65535 bytes
 * (and the shorter last one) is taken from the beginning of the block. A peer has to do the same
 * (docs/spec/data.md §7.4).
 */
export function windowRanges(run: MatchedRun, protocol: number): Range[] {
  const { position, length, blockLength } = run;
  if (protocol >= FIRST_WITH_WHOLE_BLOCKS || blockLength <= PIECE_MAX_BYTES) {
    const kept = Math.min(length, WINDOW_BYTES);
    return kept === 0 ? [] : [{ position: position + length - kept, length: kept }];
  }
  const ranges: Range[] = [];
  let wanted = WINDOW_BYTES;
  // Backwards from the last piece of the last block until the window is full.
  for (let end = length; end > 0 && wanted > 0; ) {
    const start = Math.floor((end - 1) / blockLength) * blockLength;
    for (let left = end - start; left > 0 && wanted > 0; ) {
      const piece = left % PIECE_MAX_BYTES || PIECE_MAX_BYTES;
      const kept = Math.min(piece, wanted);
      ranges.unshift({ position: position + start + piece - kept, length: kept });
      wanted -= kept;
      left -= piece;
    }
    end = start;
  }
  return ranges;
}

/** Remembers the last {@link WINDOW_BYTES} of what was pushed. */
export class WindowTail {
  /** Twice the window, so that bytes move only once in a while. */
  readonly #bytes: Uint8Array = new Uint8Array(2 * WINDOW_BYTES);
  #end = 0;

  push(bytes: Uint8Array): void {
    const kept = bytes.length > WINDOW_BYTES ? bytes.subarray(bytes.length - WINDOW_BYTES) : bytes;
    if (this.#end + kept.length > this.#bytes.length) {
      const from = Math.max(0, this.#end - (WINDOW_BYTES - kept.length));
      this.#bytes.copyWithin(0, from, this.#end);
      this.#end -= from;
    }
    this.#bytes.set(kept, this.#end);
    this.#end += kept.length;
  }

  /** The last `length` bytes, or as many of them as are remembered; a view until the next push. */
  last(length: number = WINDOW_BYTES): Uint8Array {
    const count = Math.min(length, WINDOW_BYTES, this.#end);
    return this.#bytes.subarray(this.#end - count, this.#end);
  }

  clear(): void {
    this.#end = 0;
  }
}
