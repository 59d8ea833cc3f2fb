import { compressLz4Block, decompressLz4Block, lz4Bound } from './lz4-block.ts';
import {
  RECORD_MAX_BYTES,
  type Sink,
  type TokenCompressor,
  type TokenDecompressor,
} from './token-compressor.ts';

/** Most bytes of literal data in one record: as many as it may have compressed. */
const PIECE_MAX_BYTES = RECORD_MAX_BYTES;

/** No sender puts more into a record (docs/spec/data.md §7.6). */
const DECOMPRESSED_MAX_BYTES = 32_912;

/** lz4: every record is a block of its own. */
export class Lz4Compressor implements TokenCompressor {
  readonly wantsMatches: boolean = false;
  readonly #block: Uint8Array = new Uint8Array(lz4Bound(PIECE_MAX_BYTES));

  startFile(): void {}

  literal(bytes: Uint8Array, emit: Sink): void {
    for (let at = 0; at < bytes.length; ) {
      let taken = Math.min(bytes.length - at, PIECE_MAX_BYTES);
      let length = compressLz4Block(bytes.subarray(at, at + taken), this.#block);
      while (length > RECORD_MAX_BYTES) {
        taken >>= 1;
        length = compressLz4Block(bytes.subarray(at, at + taken), this.#block);
      }
      emit(this.#block.subarray(0, length));
      at += taken;
    }
  }

  flush(): void {}

  matched(): void {}

  close(): void {}
}

/** The other end of {@link Lz4Compressor}. */
export class Lz4Decompressor implements TokenDecompressor {
  readonly wantsMatches: boolean = false;
  readonly #data: Uint8Array = new Uint8Array(DECOMPRESSED_MAX_BYTES);

  startFile(): void {}

  record(bytes: Uint8Array, emit: Sink): void {
    emit(this.#data.subarray(0, decompressLz4Block(bytes, this.#data)));
  }

  endSpan(): void {}

  matched(): void {}

  close(): void {}
}
