import { STAGE_BYTES, workbench } from './kernel.ts';

/** Below this many bytes the plain loop is faster than the way into the kernel. */
const KERNEL_MIN_BYTES = 96;

/**
 * rsync's weak sum of a block, an unsigned 32-bit number (docs/spec/data.md §5.4): bytes are
 * signed; the low half is their sum, the high half the sum of all prefix sums.
 */
export function weakSum(block: Uint8Array): number {
  const sum = new WeakSum();
  sum.update(block);
  return sum.value;
}

/** The weak sum of a block fed in pieces. */
export class WeakSum {
  #s1 = 0;
  #s2 = 0;

  /** Add `bytes` to the block. */
  update(bytes: Uint8Array): void {
    if (bytes.length < KERNEL_MIN_BYTES) {
      let s1 = this.#s1;
      let s2 = this.#s2;
      for (let i = 0; i < bytes.length; i++) {
        s1 = (s1 + ((bytes[i]! << 24) >> 24)) | 0;
        s2 = (s2 + s1) | 0;
      }
      this.#s1 = s1 & 0xffff;
      this.#s2 = s2 & 0xffff;
      return;
    }
    const { kernel, stage, stageAddress } = workbench();
    for (let from = 0; from < bytes.length; from += STAGE_BYTES) {
      const piece = bytes.subarray(from, from + STAGE_BYTES);
      stage.set(piece);
      const sum = kernel.weakSum(stageAddress, piece.length);
      // Every byte before this piece counts once more for each byte in it.
      this.#s2 = (this.#s2 + Math.imul(this.#s1, piece.length) + (sum >>> 16)) & 0xffff;
      this.#s1 = (this.#s1 + sum) & 0xffff;
    }
  }

  /** Sum of all bytes so far, unsigned 32-bit. */
  get value(): number {
    return pack(this.#s1, this.#s2);
  }

  /** Begin a new block. */
  reset(): void {
    this.#s1 = 0;
    this.#s2 = 0;
  }
}

function pack(s1: number, s2: number): number {
  return ((s1 & 0xffff) | (s2 << 16)) >>> 0;
}

/** The weak sum of a window that moves over a file byte by byte. */
export class RollingSum {
  #s1 = 0;
  #s2 = 0;
  #length = 0;

  /** Start with `block` as the window. */
  reset(block: Uint8Array): void {
    const sum = weakSum(block);
    this.#s1 = sum & 0xffff;
    this.#s2 = sum >>> 16;
    this.#length = block.length;
  }

  /** Move by one: byte `out` leaves at the front, byte `in_` enters at the end (both 0 to 255). */
  roll(out: number, in_: number): void {
    const old = (out << 24) >> 24;
    this.#s1 = (this.#s1 + ((in_ << 24) >> 24) - old) & 0xffff;
    this.#s2 = (this.#s2 + this.#s1 - Math.imul(this.#length, old)) & 0xffff;
  }

  /** Byte `out` leaves at the front and nothing enters: the window reached the end of the file. */
  shrink(out: number): void {
    const old = (out << 24) >> 24;
    this.#s1 = (this.#s1 - old) & 0xffff;
    this.#s2 = (this.#s2 - Math.imul(this.#length, old)) & 0xffff;
    this.#length--;
  }

  /** Sum of the window, unsigned 32-bit. */
  get value(): number {
    return pack(this.#s1, this.#s2);
  }
}
