import { encodeByteString } from './strings.ts';

const FIRST_BYTES = 256;
/** A buffer that grew beyond this is not replaced by one of the same size. */
const KEEP_BYTES = 64 * 1024;

/**
 * Collects outgoing bytes. All integers are little-endian; the buffer grows by doubling.
 *
 * Out-of-range numbers are cut to the width of the field as C does, because the protocol sends some
 * unsigned values through signed fields.
 */
export class ByteWriter {
  #bytes: Uint8Array;
  #start: number = 0;
  #end: number = 0;

  /** @param capacity - bytes to reserve at first */
  constructor(capacity: number = FIRST_BYTES) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Bytes written since the last `take`. */
  get length(): number {
    return this.#end - this.#start;
  }

  u8(value: number): void {
    if (this.#end === this.#bytes.length) this.#makeRoom(1);
    this.#bytes[this.#end++] = value;
  }

  u16(value: number): void {
    const at = this.#reserve(2);
    const bytes = this.#bytes;
    bytes[at] = value;
    bytes[at + 1] = value >> 8;
  }

  u32(value: number): void {
    this.i32(value);
  }

  i32(value: number): void {
    const at = this.#reserve(4);
    const bytes = this.#bytes;
    bytes[at] = value;
    bytes[at + 1] = value >> 8;
    bytes[at + 2] = value >> 16;
    bytes[at + 3] = value >> 24;
  }

  bytes(source: Uint8Array): void {
    const at = this.#reserve(source.length);
    this.#bytes.set(source, at);
  }

  /** A byte string, or the part of it from `start`. */
  string(source: string, start: number = 0): void {
    const at = this.#reserve(source.length - start);
    encodeByteString(source, this.#bytes, at, start);
  }

  /** `count` zero bytes. */
  zeros(count: number): void {
    const at = this.#reserve(count);
    this.#bytes.fill(0, at, at + count);
  }

  /** Detach and return what was written; the writer never touches those bytes again. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(this.#start, this.#end);
    this.#start = this.#end;
    return taken;
  }

  /** Forget what was written. */
  clear(): void {
    this.#end = this.#start;
  }

  /** Claim `count` bytes and return where they begin. */
  #reserve(count: number): number {
    if (this.#end + count > this.#bytes.length) this.#makeRoom(count);
    const at = this.#end;
    this.#end = at + count;
    return at;
  }

  /** Bytes that were taken stay in the old buffer; what was not moves to a new one. */
  #makeRoom(count: number): void {
    const length = this.length;
    const usual = Math.min(this.#bytes.length, KEEP_BYTES);
    const bytes = new Uint8Array(Math.max(FIRST_BYTES, usual, 2 * (length + count)));
    bytes.set(this.#bytes.subarray(this.#start, this.#end));
    this.#bytes = bytes;
    this.#start = 0;
    this.#end = length;
  }
}
