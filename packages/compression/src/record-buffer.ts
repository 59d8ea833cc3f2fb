import { RECORD_MAX_BYTES, type Sink } from './token-compressor.ts';

/** Bytes at the end of a flush that may be dropped, and so must not leave before it. */
const HELD_BYTES = 4;

/** Cuts a stream of compressed bytes into full records; only the last one of a span is shorter. */
export class RecordBuffer {
  readonly #bytes: Uint8Array = new Uint8Array(RECORD_MAX_BYTES + HELD_BYTES);
  #length = 0;

  push(bytes: Uint8Array, emit: Sink): void {
    let taken = 0;
    while (taken < bytes.length) {
      if (this.#length === this.#bytes.length) {
        emit(this.#bytes.subarray(0, RECORD_MAX_BYTES));
        this.#bytes.copyWithin(0, RECORD_MAX_BYTES);
        this.#length = HELD_BYTES;
      }
      const count = Math.min(bytes.length - taken, this.#bytes.length - this.#length);
      this.#bytes.set(bytes.subarray(taken, taken + count), this.#length);
      this.#length += count;
      taken += count;
    }
  }

  /** Emit the rest, without its last `dropped` bytes (0 or {@link HELD_BYTES}). */
  finish(dropped: number, emit: Sink): void {
    const length = this.#length - dropped;
    this.#length = 0;
    if (length > RECORD_MAX_BYTES) {
      emit(this.#bytes.subarray(0, RECORD_MAX_BYTES));
      emit(this.#bytes.subarray(RECORD_MAX_BYTES, length));
    } else if (length > 0) {
      emit(this.#bytes.subarray(0, length));
    }
  }

  clear(): void {
    this.#length = 0;
  }
}
