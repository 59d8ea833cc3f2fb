import type { BlockLayout, Signature } from '@deltawire/signature';

/**
 * Where the sums of a batch's files are in one buffer: a buffer is the unit in which memory is
 * allocated and handed to another thread, and small files have too few sums for one each. Both threads
 * walk over the files in the same order.
 */
export class SumsCursor {
  readonly #sums: ArrayBuffer;
  #offset = 0;

  constructor(sums: ArrayBuffer) {
    this.#sums = sums;
  }

  /** Bytes for the sums of all these files. */
  static bytesFor(layouts: Iterable<BlockLayout>): number {
    let bytes = 0;
    for (const layout of layouts) bytes += sumsBytes(layout);
    return bytes;
  }

  /** The sums of the next file: views of the buffer. */
  next(layout: BlockLayout): Signature {
    const { blockCount, strongLength } = layout;
    const offset = this.#offset;
    this.#offset += sumsBytes(layout);
    const weak = new Uint32Array(this.#sums, offset, blockCount);
    const strong = new Uint8Array(this.#sums, offset + weak.byteLength, blockCount * strongLength);
    return { layout, weak, strong };
  }
}

/** Weak sums, then strong ones, up to the next whole word. */
function sumsBytes({ blockCount, strongLength }: BlockLayout): number {
  return blockCount * 4 + ((blockCount * strongLength + 3) & ~3);
}
