import { LimitError, ProtocolError } from '../errors.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/*
 * Variable-length integers. The first byte announces how many bytes follow by its leading one bits
 * and holds the most significant bits of the value; the bytes that follow are the low ones, LE:
 *
 *     first byte   more bytes   value bits in it
 *     0xxxxxxx     0            7
 *     10xxxxxx     1            6
 *     110xxxxx     2            5
 *     1110xxxx     3            4
 *     11110xxx     4            3 (varint: ignored)
 *     111110xx     5            2 (varlong only)
 *     111111xx     6            0 (varlong with a minimum of 3 only)
 *
 * Source: docs/spec/session.md §2.2 to §2.4, docs/spec/data.md §1.1.
 */

const TWO_32 = 2 ** 32;

/** Signed 32-bit integer of one to five bytes (protocol >= 30). */
export function readVarint(reader: ByteReader): number {
  const first = reader.u8();
  if (first < 0x80) return first;
  const extra = Math.clz32(~(first << 24));
  if (extra > 4) throw new ProtocolError(`varint of more than 32 bits: ${hex(first)}`);
  let value = 0;
  for (let i = 0; i < extra; i++) value |= reader.u8() << (8 * i);
  return extra === 4 ? value : value | ((first & (0x7f >> extra)) << (8 * extra));
}

/** Counterpart of {@link readVarint}; `value` is taken modulo 2^32. */
export function writeVarint(writer: ByteWriter, value: number): void {
  const bits = value >>> 0;
  if (bits < 0x80) {
    writer.u8(bits);
    return;
  }
  const count = bits > 0xffffff ? 4 : bits > 0xffff ? 3 : bits > 0xff ? 2 : 1;
  const top = bits >>> (8 * (count - 1));
  const bit = 1 << (8 - count);
  if (top >= bit) {
    writer.u8(~(bit - 1));
    for (let i = 0; i < count; i++) writer.u8(bits >>> (8 * i));
  } else {
    writer.u8(top | ~(2 * bit - 1));
    for (let i = 0; i < count - 1; i++) writer.u8(bits >>> (8 * i));
  }
}

/**
 * Signed 64-bit integer of `min` to nine bytes (protocol >= 30). `min`, 3 or 4, belongs to the field.
 * The announced bytes come on top of `min`.
 *
 * @throws LimitError when the value is not a safe integer
 */
export function readVarlong(reader: ByteReader, min: 3 | 4): number {
  const first = reader.u8();
  const extra = first < 0x80 ? 0 : Math.clz32(~((first & 0xfd) << 24));
  const length = min - 1 + extra; // bytes after the first
  if (length > 8) throw new ProtocolError(`varlong of more than 64 bits: ${hex(first)}`);
  let low = reader.u8() | (reader.u8() << 8);
  let high = 0;
  for (let i = 2; i < length; i++) {
    if (i < 4) low |= reader.u8() << (8 * i);
    else high |= reader.u8() << (8 * (i - 4));
  }
  if (length < 8) {
    // The value bits of the first byte are the top ones.
    const top = first & ((1 << (8 - extra)) - 1);
    if (length < 4) low |= top << (8 * length);
    else high |= top << (8 * (length - 4));
  }
  return safeInteger(low, high);
}

/** Counterpart of {@link readVarlong}. `value` must be a safe integer. */
export function writeVarlong(writer: ByteWriter, value: number, min: 3 | 4): void {
  const low = value >>> 0;
  const high = Math.floor(value / TWO_32) >>> 0;
  let count = min as number;
  if (high !== 0) {
    count = high > 0xffffff ? 8 : high > 0xffff ? 7 : high > 0xff ? 6 : 5;
  } else if (low > 0xffffff) count = 4;
  const top = count > 4 ? (high >>> (8 * (count - 5))) & 0xff : (low >>> (8 * (count - 1))) & 0xff;
  const bit = 1 << (7 - count + min);
  let rest = count;
  if (top >= bit) {
    writer.u8(~(bit - 1));
  } else {
    writer.u8(count > min ? top | ~(2 * bit - 1) : top);
    rest--;
  }
  for (let i = 0; i < rest; i++) writer.u8(i < 4 ? low >>> (8 * i) : high >>> (8 * (i - 4)));
}

/**
 * Signed 64-bit integer of four or twelve bytes (protocol < 30): an int32 when it is 0 to 2^31 - 1,
 * else `ff ff ff ff` and eight bytes.
 *
 * @throws LimitError when the value is not a safe integer
 */
export function readLongint(reader: ByteReader): number {
  const short = reader.i32();
  if (short !== -1) return short;
  const low = reader.i32();
  return safeInteger(low, reader.i32());
}

/** Counterpart of {@link readLongint}. `value` must be a safe integer. */
export function writeLongint(writer: ByteWriter, value: number): void {
  if (value >= 0 && value <= 0x7fffffff) {
    writer.i32(value);
    return;
  }
  writer.i32(-1);
  writer.i32(value >>> 0);
  writer.i32(Math.floor(value / TWO_32) >>> 0);
}

/** {@link readLongint} for opaque keys (device, inode): all 64 bits, a bigint beyond 2^53. */
export function readLongKey(reader: ByteReader): number | bigint {
  const short = reader.i32();
  if (short !== -1) return short;
  const low = reader.i32();
  const high = reader.i32();
  const value = high * TWO_32 + (low >>> 0);
  return Number.isSafeInteger(value) ? value : (BigInt(high) << 32n) | BigInt(low >>> 0);
}

/** Counterpart of {@link readLongKey}. */
export function writeLongKey(writer: ByteWriter, value: number | bigint): void {
  if (typeof value === 'number') {
    writeLongint(writer, value);
  } else if (value >= 0n && value <= 0x7fffffffn) {
    writer.i32(Number(value));
  } else {
    writer.i32(-1);
    writer.i32(Number(BigInt.asIntN(32, value)));
    writer.i32(Number(BigInt.asIntN(32, value >> 32n)));
  }
}

/** An int32 below protocol 30, a varint from there on. */
export function readVarint30(reader: ByteReader, protocol: number): number {
  return protocol < 30 ? reader.i32() : readVarint(reader);
}

/** Counterpart of {@link readVarint30}. */
export function writeVarint30(writer: ByteWriter, value: number, protocol: number): void {
  if (protocol < 30) writer.i32(value);
  else writeVarint(writer, value);
}

/** A longint below protocol 30, a varlong from there on. */
export function readVarlong30(reader: ByteReader, protocol: number, min: 3 | 4): number {
  return protocol < 30 ? readLongint(reader) : readVarlong(reader, min);
}

/** Counterpart of {@link readVarlong30}. */
export function writeVarlong30(
  writer: ByteWriter,
  value: number,
  protocol: number,
  min: 3 | 4,
): void {
  if (protocol < 30) writeLongint(writer, value);
  else writeVarlong(writer, value, min);
}

/**
 * Length and bytes: one length byte up to 127, else two, the high one first with 0x80 set.
 *
 * @param field - what the string is, for the error
 * @throws LimitError when it is longer than `maxBytes`
 */
export function readVstring(
  reader: ByteReader,
  maxBytes: number,
  field: string,
  exitCode?: number,
): string {
  let length = reader.u8();
  if (length >= 0x80) length = ((length & 0x7f) << 8) | reader.u8();
  if (length > maxBytes) {
    throw new LimitError(`${field} length`, length, maxBytes, exitCode ? { exitCode } : {});
  }
  return reader.string(length);
}

/** Counterpart of {@link readVstring}; at most 32767 bytes. */
export function writeVstring(writer: ByteWriter, text: string): void {
  const { length } = text;
  if (length > 0x7fff) throw new RangeError(`vstring of ${length} bytes, at most 32767 fit`);
  if (length > 0x7f) writer.u8((length >> 8) | 0x80);
  writer.u8(length);
  writer.string(text);
}

/** A signed 64-bit value from its halves. */
function safeInteger(low: number, high: number): number {
  const value = high * TWO_32 + (low >>> 0);
  if (Number.isSafeInteger(value)) return value;
  const exact = (BigInt(high) << 32n) | BigInt(low >>> 0);
  throw new LimitError(
    '64-bit integer',
    exact,
    value < 0 ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER,
  );
}

function hex(byte: number): string {
  return `first byte 0x${byte.toString(16)}`;
}
