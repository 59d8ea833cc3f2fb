import { ProtocolError } from '../errors.ts';
import { decodeByteString } from './strings.ts';

/** Thrown by {@link ByteReader} when a value is cut short. `DecodeBuffer.attempt` turns it into "not yet". */
export class IncompleteError extends ProtocolError {
  override name: string = 'IncompleteError';

  constructor() {
    super('unexpected end of data inside a value', { code: 'INCOMPLETE' });
  }
}

/** For streams: capturing a stack for each chunk that ends inside a value is not free. */
const incomplete: IncompleteError = new IncompleteError();

const empty: Uint8Array = new Uint8Array(0);

/**
 * Cursor over one contiguous run of received bytes. All integers are little-endian.
 *
 * On its own it decodes a complete message; inside a {@link DecodeBuffer} it decodes a stream.
 */
export class ByteReader {
  #bytes: Uint8Array;
  #end: number;
  /** Offset in the run at which the read that failed wanted to end. */
  #wanted: number = 0;
  /** More may come: running short is nothing special. */
  #streaming: boolean = false;
  /** Offset of the next unread byte. */
  position: number = 0;

  constructor(bytes: Uint8Array = empty) {
    this.#bytes = bytes;
    this.#end = bytes.length;
  }

  /** Bytes not read yet. */
  get available(): number {
    return this.#end - this.position;
  }

  u8(): number {
    const at = this.position;
    if (at >= this.#end) this.#fail(1);
    this.position = at + 1;
    return this.#bytes[at]!;
  }

  u16(): number {
    const at = this.position;
    if (at + 2 > this.#end) this.#fail(2);
    this.position = at + 2;
    const bytes = this.#bytes;
    return bytes[at]! | (bytes[at + 1]! << 8);
  }

  u32(): number {
    return this.i32() >>> 0;
  }

  i32(): number {
    const at = this.position;
    if (at + 4 > this.#end) this.#fail(4);
    this.position = at + 4;
    const bytes = this.#bytes;
    return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  }

  /** A view, not a copy: valid until the next `push` of the buffer it came from. */
  bytes(length: number): Uint8Array {
    const at = this.position;
    if (at + length > this.#end) this.#fail(length);
    this.position = at + length;
    return this.#bytes.subarray(at, at + length);
  }

  /** `length` bytes as a byte string. */
  string(length: number): string {
    const at = this.position;
    if (at + length > this.#end) this.#fail(length);
    this.position = at + length;
    return decodeByteString(this.#bytes, at, at + length);
  }

  /** Pass over `length` bytes. */
  skip(length: number): void {
    const at = this.position;
    if (at + length > this.#end) this.#fail(length);
    this.position = at + length;
  }

  /**
   * Replace the run.
   * @internal
   */
  reset(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.position = start;
    this.#end = end;
    this.#streaming = true;
  }

  /** @internal */
  get wanted(): number {
    return this.#wanted;
  }

  #fail(length: number): never {
    this.#wanted = this.position + length;
    throw this.#streaming ? incomplete : new IncompleteError();
  }
}
