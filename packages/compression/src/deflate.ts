import { constants, DeflateRaw, InflateRaw, type ZlibOptions } from 'minizlib';
import { CodecStream } from './codec-stream.ts';
import { RecordBuffer } from './record-buffer.ts';
import type { Sink, TokenCompressor, TokenDecompressor } from './token-compressor.ts';
import { WindowTail } from './window.ts';

/** What a sync flush ends with: it is not sent, the receiver adds it (docs/spec/data.md §7.4). */
const SYNC_MARK: Uint8Array = Uint8Array.of(0, 0, 0xff, 0xff);

/**
 * Up to so many bytes of matched data, compressing them for nothing costs less than a new compressor
 * with a dictionary.
 */
const INSERT_MAX_BYTES = 4096;

/** Decompressed bytes given out at a time. */
const INFLATE_CHUNK_BYTES = 64 * 1024;

/** Options of node:zlib; minizlib passes them on but declares only the first. */
interface RawOptions {
  readonly level?: number;
  readonly dictionary?: Uint8Array;
  readonly chunkSize?: number;
}

const deflater = (options: RawOptions): CodecStream =>
  new CodecStream(new DeflateRaw(options as ZlibOptions));
const inflater = (options: RawOptions): CodecStream =>
  new CodecStream(new InflateRaw(options as ZlibOptions));

/**
 * zlibx: raw deflate, reset for every file. With `history` it is zlib: matched data enters the
 * window. It is kept aside until literal data follows; then the compressor catches up.
 */
export class DeflateCompressor implements TokenCompressor {
  readonly #level: number;
  #stream: CodecStream;
  readonly #records: RecordBuffer = new RecordBuffer();
  /** The end of the file so far, literal and matched; undefined for zlibx. */
  readonly #tail: WindowTail | undefined;
  /** Matched bytes at the end of the tail that the compressor has not seen. */
  #unseen = 0;
  /** The compressor was used for this file. */
  #used = false;
  /** The compressor began with a dictionary, so that it cannot be reset. */
  #seeded = false;
  /** Literal data that is not flushed. */
  #pending = false;

  /** @param level - 0 (stored) to 9 */
  constructor(level: number, history: boolean) {
    this.#level = level;
    this.#stream = deflater({ level });
    this.#tail = history ? new WindowTail() : undefined;
  }

  get wantsMatches(): boolean {
    return this.#tail !== undefined;
  }

  startFile(): void {
    this.#tail?.clear();
    this.#records.clear();
    this.#unseen = 0;
    this.#pending = false;
    if (this.#seeded) this.#replace({ level: this.#level });
    else if (this.#used) this.#stream.reset();
    this.#seeded = false;
    this.#used = false;
  }

  literal(bytes: Uint8Array, emit: Sink): void {
    if (bytes.length === 0) return;
    this.#catchUp();
    this.#used = true;
    this.#pending = true;
    this.#stream.write(bytes, (part) => this.#records.push(part, emit));
    this.#tail?.push(bytes);
  }

  flush(emit: Sink): void {
    if (!this.#pending) return;
    this.#pending = false;
    this.#stream.flush(constants.Z_SYNC_FLUSH, (part) => this.#records.push(part, emit));
    this.#records.finish(SYNC_MARK.length, emit);
  }

  matched(bytes: Uint8Array): void {
    this.#tail?.push(bytes);
    this.#unseen += bytes.length;
  }

  close(): void {
    this.#stream.close();
  }

  /** Both ways leave the window as if the matched data had been compressed, at a byte boundary. */
  #catchUp(): void {
    if (this.#unseen === 0 || this.#tail === undefined) return;
    if (this.#unseen <= INSERT_MAX_BYTES) {
      this.#stream.insert(this.#tail.last(this.#unseen), constants.Z_SYNC_FLUSH);
    } else {
      this.#replace({ level: this.#level, dictionary: this.#tail.last() });
      this.#seeded = true;
    }
    this.#unseen = 0;
    this.#used = true;
  }

  #replace(options: RawOptions): void {
    this.#stream.close();
    this.#stream = deflater(options);
  }
}

/** The other end of {@link DeflateCompressor}. */
export class DeflateDecompressor implements TokenDecompressor {
  readonly #stream: CodecStream = inflater({ chunkSize: INFLATE_CHUNK_BYTES });
  /** Matched data since the last record; undefined for zlibx. */
  readonly #matches: WindowTail | undefined;
  #used = false;
  /** Records since the last mark. */
  #open = false;

  constructor(history: boolean) {
    this.#matches = history ? new WindowTail() : undefined;
  }

  get wantsMatches(): boolean {
    return this.#matches !== undefined;
  }

  startFile(): void {
    this.#matches?.clear();
    this.#open = false;
    if (this.#used) this.#stream.reset();
    this.#used = false;
  }

  record(bytes: Uint8Array, emit: Sink): void {
    this.#used = true;
    this.#insertMatches();
    this.#open = true;
    this.#stream.write(bytes, emit);
  }

  endSpan(emit: Sink): void {
    if (!this.#open) return;
    this.#open = false;
    this.#stream.write(SYNC_MARK, emit);
  }

  matched(bytes: Uint8Array): void {
    this.#matches?.push(bytes);
  }

  close(): void {
    this.#stream.close();
  }

  /** Matched data passes through as a stored block; earlier data than the last window is forgotten. */
  #insertMatches(): void {
    const data = this.#matches?.last();
    if (data === undefined || data.length === 0) return;
    const { length } = data;
    const head = Uint8Array.of(0, length, length >> 8, ~length, ~length >> 8);
    this.#stream.write(head, () => {});
    this.#stream.write(data, () => {});
    this.#matches?.clear();
  }
}
