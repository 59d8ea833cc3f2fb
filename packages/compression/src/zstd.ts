import { constants, type ZlibOptions, ZstdCompress, ZstdDecompress } from 'minizlib';
import { CodecStream } from './codec-stream.ts';
import { RecordBuffer } from './record-buffer.ts';
import type { Sink, TokenCompressor, TokenDecompressor } from './token-compressor.ts';

/**
 * Compressed bytes taken at a time. A zstd block of 4 bytes may stand for 128 KiB, and everything
 * that one call gives is held in memory: so much bounds it to 32 MiB.
 */
const SLICE_BYTES = 1024;

/** zstd: one stream for the whole session, flushed at the end of each span. */
export class ZstdCompressor implements TokenCompressor {
  readonly wantsMatches: boolean = false;
  readonly #stream: CodecStream;
  readonly #records: RecordBuffer = new RecordBuffer();
  #pending = false;

  constructor(level: number) {
    // minizlib passes the options of node:zlib on without declaring them.
    const options = { params: { [constants.ZSTD_c_compressionLevel]: level } } as ZlibOptions;
    this.#stream = new CodecStream(new ZstdCompress(options));
  }

  startFile(): void {}

  literal(bytes: Uint8Array, emit: Sink): void {
    if (bytes.length === 0) return;
    this.#pending = true;
    this.#stream.write(bytes, (part) => this.#records.push(part, emit));
  }

  flush(emit: Sink): void {
    if (!this.#pending) return;
    this.#pending = false;
    this.#stream.flush(constants.ZSTD_e_flush, (part) => this.#records.push(part, emit));
    this.#records.finish(0, emit);
  }

  matched(): void {}

  close(): void {
    this.#stream.close();
  }
}

/** The other end of {@link ZstdCompressor}. */
export class ZstdDecompressor implements TokenDecompressor {
  readonly wantsMatches: boolean = false;
  readonly #stream: CodecStream = new CodecStream(new ZstdDecompress({}));

  startFile(): void {}

  record(bytes: Uint8Array, emit: Sink): void {
    for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
      this.#stream.write(bytes.subarray(at, at + SLICE_BYTES), emit);
    }
  }

  endSpan(): void {}

  matched(): void {}

  close(): void {
    this.#stream.close();
  }
}
