import { ByteWriter, MuxEncoder } from '@deltawire/protocol';
import type { Connection } from './connection.ts';

/** Staged bytes that are framed at once instead of waiting for the end of the turn. */
const FLUSH_BYTES = 32 * 1024;
/** Bytes handed to the connection and not yet accepted: beyond this, producers wait. */
const CONGESTED_BYTES = 512 * 1024;

/**
 * The outgoing half of a wire: coalesces what is written until the end of the event-loop turn,
 * frames it, and hands it to the connection at the pace the connection accepts.
 */
export class WireOutput {
  readonly #connection: Connection;
  readonly #onProgress: () => void;
  /** Bytes for the peer; call {@link WireOutput.send} after a group of writes. */
  readonly staged: ByteWriter = new ByteWriter();
  #encoder: MuxEncoder | undefined;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #flushScheduled = false;
  #pace: Pace | undefined;
  /** Gets what is staged, before it is framed. */
  #record: ((bytes: Uint8Array) => void) | undefined;
  #diverted = false;

  /** Chunks are on their way to the connection. */
  pumping = false;
  /** Why writing failed; from then on output is dropped, and the reader learns the peer's reason. */
  error: unknown;
  bytesWritten = 0;
  /** Monotonic milliseconds when the connection last accepted something. */
  lastWrite: number = performance.now();

  /** `onProgress` is called when the connection has accepted something, or never will. */
  constructor(connection: Connection, onProgress: () => void) {
    this.#connection = connection;
    this.#onProgress = onProgress;
  }

  /** From here on bytes are sent as frames. */
  startMux(): void {
    this.flush();
    this.#encoder = new MuxEncoder();
  }

  get framed(): boolean {
    return this.#encoder !== undefined;
  }

  /** Whether producers should wait before writing more. */
  get congested(): boolean {
    return this.#queuedBytes > CONGESTED_BYTES;
  }

  get idle(): boolean {
    return this.#queuedBytes === 0;
  }

  /** Note that `staged` has grown: it leaves at the end of this turn, or now when it is large. */
  send(): void {
    if (this.staged.length >= FLUSH_BYTES) this.flush();
    else if (!this.#flushScheduled) {
      this.#flushScheduled = true;
      setImmediate(() => {
        this.#flushScheduled = false;
        this.flush();
      });
    }
  }

  /** Hand everything written so far to the connection. */
  flush(): void {
    if (this.staged.length === 0) return;
    const bytes = this.staged.take();
    this.#record?.(bytes);
    if (this.#diverted) return;
    if (this.#encoder === undefined) {
      this.#enqueue([bytes]);
    } else {
      this.#encoder.data(bytes);
      this.#enqueue(this.#encoder.take());
    }
  }

  /** Send bytes outside the frames, behind everything written so far. */
  raw(bytes: Uint8Array): void {
    this.flush();
    if (bytes.length > 0) this.#enqueue([bytes]);
  }

  /**
   * Send a message frame behind everything written so far, or before what has not been flushed;
   * dropped where nothing is framed.
   */
  message(tag: number, payload: Uint8Array, overtakes = false): void {
    if (this.#encoder === undefined) return;
    if (!overtakes) this.flush();
    this.#encoder.message(tag, payload);
    this.#enqueue(this.#encoder.take());
  }

  /** From here on `record` gets a copy of everything that is not a message. */
  record(record: (bytes: Uint8Array) => void): void {
    this.flush();
    this.#record = record;
  }

  /** Between a true and a false only the record gets what is written. */
  divert(diverted: boolean): void {
    this.flush();
    this.#diverted = diverted;
  }

  /** Limit the output to `bytesPerSecond`. */
  limit(bytesPerSecond: number): void {
    this.#pace = new Pace(bytesPerSecond);
  }

  #enqueue(chunks: readonly Uint8Array[]): void {
    if (this.error !== undefined) return;
    for (const chunk of chunks) {
      this.#queue.push(chunk);
      this.#queuedBytes += chunk.length;
      this.bytesWritten += chunk.length;
    }
    if (!this.pumping) void this.#pump();
  }

  async #pump(): Promise<void> {
    this.pumping = true;
    try {
      while (this.#queue.length > 0) {
        const batch = this.#pace === undefined ? this.#queue.splice(0) : this.#queue.splice(0, 1);
        let size = 0;
        for (const chunk of batch) size += chunk.length;
        await this.#pace?.wait(size);
        await this.#connection.write(batch);
        this.#queuedBytes -= size;
        this.lastWrite = performance.now();
        this.#onProgress();
      }
    } catch (error) {
      this.error = error;
      this.#queue = [];
      this.#queuedBytes = 0;
    } finally {
      this.pumping = false;
      this.#onProgress();
    }
  }
}

/** Spreads output over time: at most a tenth of a second's worth at once. */
class Pace {
  readonly #bytesPerSecond: number;
  #allowance = 0;
  #at: number = performance.now();

  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** Wait until `size` more bytes may leave. */
  async wait(size: number): Promise<void> {
    const now = performance.now();
    const earned = ((now - this.#at) / 1000) * this.#bytesPerSecond;
    this.#allowance = Math.min(this.#allowance + earned, this.#bytesPerSecond / 10) - size;
    this.#at = now;
    if (this.#allowance >= 0) return;
    const ms = (-this.#allowance / this.#bytesPerSecond) * 1000;
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
}
