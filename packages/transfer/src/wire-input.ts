import {
  type ByteReader,
  DecodeBuffer,
  MuxDecoder,
  type MuxMessage,
  RsyncError,
} from '@deltawire/protocol';
import type { Connection } from './connection.ts';
import { Fifo } from './fifo.ts';

/** Input kept while nobody reads values: the peer may need us to take bytes before it can go on. */
const READ_AHEAD_BYTES = 4 * 1024 * 1024;
/** What keeping one run of bytes costs beside the bytes: a peer may send frames of one byte. */
const RUN_COST_BYTES = 128;

/**
 * The incoming half of a wire: takes chunks from the connection, takes frames apart, and decodes
 * values from the logical stream.
 */
export class WireInput {
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #onMessage: (message: MuxMessage) => void;
  readonly #buffer: DecodeBuffer = new DecodeBuffer();
  /** Runs of the logical stream that have arrived and are not in the buffer yet. */
  readonly #ready: Fifo<Uint8Array> = new Fifo();
  #readyBytes = 0;
  #decoder: MuxDecoder | undefined;
  /** Frames are taken apart one by one, because unframed bytes may follow one of them. */
  #stepwise = false;
  #paused = false;
  #undecoded: Uint8Array | undefined;
  #pulling: Promise<void> | undefined;
  /** Gets the logical stream as it arrives. */
  record: ((bytes: Uint8Array) => void) | undefined;

  /** The peer has closed its direction, or reading failed. */
  ended = false;
  /** A violation found while taking frames apart: it ends the session. */
  violation: Error | undefined;
  /** Why reading from the connection failed. */
  readError: unknown;
  bytesRead = 0;
  /** Monotonic milliseconds of the last chunk. */
  lastRead: number = performance.now();

  constructor(connection: Connection, onMessage: (message: MuxMessage) => void) {
    this.#iterator = connection.input[Symbol.asyncIterator]();
    this.#onMessage = onMessage;
  }

  /** From here on the peer's bytes are frames (docs/spec/session.md §5.5). */
  startMux(role: 'client' | 'server', stepwise: boolean): void {
    this.#stepwise = stepwise;
    this.#decoder = new MuxDecoder({
      role,
      onData: (view) => this.#accept(view),
      onMessage: this.#onMessage,
    });
    this.#redecode();
  }

  /** Take bytes as they are, from behind the current frame on; needs `stepwise`. */
  pauseMux(): void {
    this.#paused = true;
    const raw = this.#undecoded;
    this.#undecoded = undefined;
    if (raw !== undefined) this.#accept(raw);
  }

  /** The end of what {@link WireInput.pauseMux} began. */
  resumeMux(): void {
    this.#paused = false;
    this.#stepwise = false;
    this.#redecode();
  }

  /** Decode one value from what has arrived, or undefined when more bytes are needed. */
  attempt<T>(read: (reader: ByteReader) => T): T | undefined {
    for (;;) {
      const value = this.#buffer.attempt(read);
      if (value !== undefined || !this.takeReady()) return value;
    }
  }

  /** Up to `max` bytes that have arrived, as a view; empty when none are there. */
  takeAvailable(max: number): Uint8Array {
    if (this.#buffer.pending === 0) this.takeReady();
    return this.#buffer.takeAvailable(max);
  }

  /** Make the next run of arrived bytes decodable; false when there is none. */
  takeReady(): boolean {
    if (this.#ready.length === 0 && this.#undecoded !== undefined) this.#step(new Uint8Array(0));
    const view = this.#ready.shift();
    if (view === undefined) return false;
    this.#readyBytes -= view.length;
    this.#buffer.push(view);
    return true;
  }

  /** Bytes of the logical stream that have arrived and were not decoded. */
  get pending(): number {
    return this.#buffer.pending + this.#readyBytes;
  }

  /** Whether more may be read before somebody decodes it. */
  get hasRoom(): boolean {
    const kept = this.#readyBytes + this.#ready.length * RUN_COST_BYTES;
    return !this.ended && kept < READ_AHEAD_BYTES;
  }

  /** Throw away what has arrived. */
  discard(): void {
    this.#ready.takeAll();
    this.#readyBytes = 0;
  }

  /** Wait for one more chunk. Never rejects: see `ended`, `violation` and `readError`. */
  pull(): Promise<void> {
    this.#pulling ??= this.#pullOnce().finally(() => {
      this.#pulling = undefined;
    });
    return this.#pulling;
  }

  async #pullOnce(): Promise<void> {
    try {
      const { value, done } = await this.#iterator.next();
      if (done === true) {
        this.ended = true;
        return;
      }
      this.bytesRead += value.length;
      this.lastRead = performance.now();
      this.#decode(value);
    } catch (error) {
      if (error instanceof RsyncError) this.violation ??= error;
      else this.readError ??= error;
      this.ended = true;
    }
  }

  #accept(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.record?.(bytes);
    this.#ready.push(bytes);
    this.#readyBytes += bytes.length;
  }

  /** What arrived under the old framing and was not used belongs to the new one. */
  #redecode(): void {
    const raw = this.#buffer.takeAvailable(Number.MAX_SAFE_INTEGER).slice();
    const waiting = this.#ready.takeAll();
    this.#readyBytes = 0;
    for (const chunk of [raw, ...waiting]) if (chunk.length > 0) this.#decode(chunk);
  }

  #decode(chunk: Uint8Array): void {
    if (this.#decoder === undefined || this.#paused) this.#accept(chunk);
    else if (this.#stepwise) this.#step(chunk);
    else this.#decoder.push(chunk);
  }

  /** One frame at a time: the bytes behind it may turn out not to be framed. */
  #step(chunk: Uint8Array): void {
    let bytes = chunk;
    if (this.#undecoded !== undefined) {
      bytes = new Uint8Array(this.#undecoded.length + chunk.length);
      bytes.set(this.#undecoded);
      bytes.set(chunk, this.#undecoded.length);
      this.#undecoded = undefined;
    }
    const end = this.#decoder!.step(bytes, 0);
    if (end < bytes.length) this.#undecoded = bytes.subarray(end);
  }
}
