import { ByteReader, IncompleteError } from './byte-reader.ts';

/** A private buffer is given back to the collector when it is larger than this and no longer needed. */
const KEEP_BYTES = 1 << 20;

const empty: Uint8Array = new Uint8Array(0);

/**
 * Turns straight-line `readX(reader)` functions into a streaming decoder.
 *
 * Two rules make {@link attempt} sound: a `readX` function changes nothing but the reader until its
 * last read has succeeded, and it reads exactly one value. Data larger than a frame (literal file
 * data, block sums) is not read through `attempt` but taken piecewise with {@link takeAvailable}.
 *
 * A chunk that arrives while nothing is pending is used in place; otherwise it is appended to a
 * private buffer that grows by doubling, so a value that arrives in n pieces costs O(its length).
 * Either way the chunk must not be modified before it has been decoded.
 */
export class DecodeBuffer {
  readonly #reader: ByteReader = new ByteReader();
  /** The buffer that joins chunks. */
  #joined: Uint8Array = empty;
  #inJoined: boolean = false;
  #end: number = 0;
  /** The read function that ran short, and the bytes that must be pending before it can succeed. */
  #waiting: ((reader: ByteReader) => unknown) | undefined;
  #needed: number = 0;

  /** Bytes received but not yet decoded; more than zero at end of input means truncation. */
  get pending(): number {
    return this.#reader.available;
  }

  /** Add received bytes. Invalidates every view handed out so far. */
  push(chunk: Uint8Array): void {
    const start = this.#reader.position;
    const unread = this.#end - start;
    if (unread === 0) {
      this.#inJoined = false;
      this.#end = chunk.length;
      if (this.#joined.length > KEEP_BYTES) this.#joined = empty;
      this.#reader.reset(chunk, 0, chunk.length);
      return;
    }
    const total = unread + chunk.length;
    if (this.#inJoined && this.#end + chunk.length <= this.#joined.length) {
      this.#joined.set(chunk, this.#end);
      this.#end += chunk.length;
      this.#reader.reset(this.#joined, start, this.#end);
      return;
    }
    // Moving the unread bytes to the front is only cheap if it does not happen again soon.
    const source = this.#inJoined ? this.#joined.subarray(start, this.#end) : this.#unread();
    if (total * 2 > this.#joined.length) this.#joined = new Uint8Array(Math.max(total * 2, 4096));
    this.#joined.set(source, 0);
    this.#joined.set(chunk, unread);
    this.#inJoined = true;
    this.#end = total;
    this.#reader.reset(this.#joined, 0, total);
  }

  /**
   * Run `read`, or rewind and return undefined when the value has not fully arrived.
   *
   * `undefined` therefore cannot be a value that `read` returns. Calling it again with the same
   * function costs nothing until enough bytes have arrived.
   */
  attempt<T>(read: (reader: ByteReader) => T): T | undefined {
    const reader = this.#reader;
    if (this.#waiting !== undefined) {
      if (this.#waiting === read && reader.available < this.#needed) return undefined;
      this.#waiting = undefined;
    }
    const start = reader.position;
    try {
      return read(reader);
    } catch (error) {
      if (!(error instanceof IncompleteError)) throw error;
      this.#waiting = read;
      this.#needed = reader.wanted - start;
      reader.position = start;
      return undefined;
    }
  }

  /** Consume up to `max` unread bytes, as a view that is valid until the next `push`. */
  takeAvailable(max: number): Uint8Array {
    this.#waiting = undefined;
    return this.#reader.bytes(Math.min(max, this.#reader.available));
  }

  #unread(): Uint8Array {
    const start = this.#reader.position;
    const view = this.#reader.bytes(this.#reader.available);
    this.#reader.position = start;
    return view;
  }
}
