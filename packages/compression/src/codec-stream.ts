import type { DeflateRaw, InflateRaw, ZstdCompress, ZstdDecompress } from 'minizlib';
import { CompressionError } from './compression-error.ts';
import type { Sink } from './token-compressor.ts';

type ZlibStream = DeflateRaw | InflateRaw | ZstdCompress | ZstdDecompress;

const discard: Sink = () => {};

/**
 * A stream of minizlib as a plain synchronous codec: what goes in comes out during the call. Node's
 * own streams drive the same zlib only asynchronously, which costs more than compressing a token.
 */
export class CodecStream {
  readonly #stream: ZlibStream;
  #sink: Sink = discard;
  #failure: unknown;

  constructor(stream: ZlibStream) {
    this.#stream = stream;
    stream.on('data', (bytes: Uint8Array) => this.#sink(bytes));
    stream.on('error', (error: unknown) => {
      this.#failure ??= error;
    });
  }

  /**
   * Put bytes in.
   *
   * @throws CompressionError for bytes that cannot be decompressed
   */
  write(bytes: Uint8Array, emit: Sink): void {
    this.#sink = emit;
    this.#stream.write(bytes);
    this.#check();
  }

  /** Get everything out that was put in. `mode` is one of the flush constants of zlib or zstd. */
  flush(mode: number, emit: Sink): void {
    this.#sink = emit;
    this.#stream.flush(mode);
    this.#check();
  }

  /** Put bytes in whose compressed form nobody wants. */
  insert(bytes: Uint8Array, mode: number): void {
    this.write(bytes, discard);
    this.flush(mode, discard);
  }

  /** Start over as if new. */
  reset(): void {
    this.#stream.reset();
  }

  close(): void {
    this.#stream.close();
  }

  #check(): void {
    this.#sink = discard;
    if (this.#failure === undefined) return;
    const reason = this.#failure instanceof Error ? this.#failure.message : String(this.#failure);
    throw new CompressionError(reason, { cause: this.#failure });
  }
}
