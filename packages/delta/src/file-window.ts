import type { ReadAt } from '@deltawire/signature';

/** How a window learns about the file behind it. */
export interface WindowSource {
  readonly read: ReadAt;
  /** Bytes the file is said to have. */
  readonly fileLength: number;
  /** Gets every byte of the file once, in order, as it enters the window. */
  readonly onData?: ((bytes: Uint8Array) => void) | undefined;
  /** Told where the file ended early; the rest is taken to be zeros. */
  readonly onShort?: ((position: number) => void) | undefined;
}

/** A part of a file that slides forward over it; memory is bounded by its buffer. */
export class FileWindow {
  /** The buffer; `bytes[0]` is the file's byte at `start`. */
  readonly bytes: Uint8Array;
  /** File position of the first byte in the buffer. */
  start = 0;
  /** File position behind the last byte in the buffer. */
  end = 0;
  readonly #source: WindowSource;
  #short = false;

  constructor(buffer: Uint8Array, source: WindowSource) {
    this.bytes = buffer;
    this.#source = source;
  }

  /** Forget bytes before file position `keepFrom` and fill the buffer as far as the file goes. */
  slide(keepFrom: number): void {
    const { bytes } = this;
    if (keepFrom > this.start) {
      bytes.copyWithin(0, keepFrom - this.start, this.end - this.start);
      this.start = keepFrom;
    }
    const limit = Math.min(this.#source.fileLength, this.start + bytes.length);
    if (this.end < limit) this.#read(limit);
  }

  #read(limit: number): void {
    const { read, onData, onShort } = this.#source;
    const target = this.bytes.subarray(this.end - this.start, limit - this.start);
    let filled = 0;
    while (filled < target.length && !this.#short) {
      const count = read(filled === 0 ? target : target.subarray(filled), this.end + filled);
      if (count > 0) {
        filled += count;
        continue;
      }
      // The length is a promise to the peer: a file that shrank is padded (docs/spec/data.md §5.5).
      this.#short = true;
      onShort?.(this.end + filled);
    }
    if (filled < target.length) target.fill(0, filled);
    this.end = limit;
    onData?.(target);
  }
}
