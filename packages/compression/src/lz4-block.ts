import { CompressionError } from './compression-error.ts';

/*
 * The LZ4 block format: sequences of literals and one copy each.
 *
 *     token       literal count (high 4 bits), copy length - 4 (low 4 bits); 15 goes on
 *     [ff… n]     more of the literal count: bytes are added up to one that is not 255
 *     literals
 *     offset      uint16: where the copy comes from, bytes back, at least 1
 *     [ff… n]     more of the copy length
 *
 * The last sequence has literals only, at least 5 where a copy precedes them; a copy begins at least
 * 12 bytes before the end.
 */

/** Shortest copy. */
const MIN_MATCH = 4;
/** The last copy begins at least this far from the end. */
const MATCH_MARGIN = 12;
/** The last bytes are always literals. */
const LAST_LITERALS = 5;
/** Shorter input is not searched. */
const MIN_SEARCH_BYTES = MATCH_MARGIN + 1;
/** Fails before the step between two probes grows: 2^n. */
const SKIP_BITS = 6;
/** Positions of 4-byte sequences by their hash; all of a block must fit into 16 bits. */
const HASH_BITS = 13;
const HASH_FACTOR = 2_654_435_761 | 0;

const table = new Uint16Array(1 << HASH_BITS);

const hash = (sequence: number): number => Math.imul(sequence, HASH_FACTOR) >>> (32 - HASH_BITS);

const read32 = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);

/** So few bytes are copied faster one by one. */
const BY_HAND_BYTES = 48;

function copy(
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
  count: number,
): void {
  if (count > BY_HAND_BYTES) target.set(source.subarray(from, from + count), to);
  else for (let i = 0; i < count; i++) target[to + i] = source[from + i]!;
}

/** Most bytes that `length` bytes of input become. */
export const lz4Bound = (length: number): number => length + Math.floor(length / 255) + 16;

/**
 * Compress up to 65535 bytes into one block, choosing the same copies as the reference
 * implementation's fast form.
 *
 * @param target - at least {@link lz4Bound} bytes
 * @returns bytes written
 */
export function compressLz4Block(source: Uint8Array, target: Uint8Array): number {
  const { length } = source;
  let out = 0;
  /** First literal that is not written. */
  let anchor = 0;
  /** Where the token of the sequence in hand is. */
  let token = 0;
  if (length >= MIN_SEARCH_BYTES) {
    table.fill(0);
    const lastMatch = length - MATCH_MARGIN + 1;
    const matchEnd = length - LAST_LITERALS;
    table[hash(read32(source, 0))] = 0;
    let at = 1;
    search: for (;;) {
      let probes = 1 << SKIP_BITS;
      let next = at;
      let step = 1;
      let match: number;
      for (;;) {
        at = next;
        next += step;
        step = probes++ >> SKIP_BITS;
        if (next > lastMatch) break search;
        const sequence = read32(source, at);
        const slot = hash(sequence);
        match = table[slot]!;
        table[slot] = at;
        if (read32(source, match) === sequence) break;
      }
      while (at > anchor && match > 0 && source[at - 1] === source[match - 1]) {
        at--;
        match--;
      }
      token = out;
      out = writeLiterals(source, anchor, at, target, out);
      for (;;) {
        target[out] = at - match;
        target[out + 1] = (at - match) >> 8;
        const from = at + MIN_MATCH;
        let end = from;
        let back = match + MIN_MATCH;
        while (end < matchEnd && source[end] === source[back]) {
          end++;
          back++;
        }
        out = writeCopyLength(end - from, target, token, out + 2);
        at = end;
        anchor = end;
        if (at >= lastMatch) break search;
        table[hash(read32(source, at - 2))] = at - 2;
        const sequence = read32(source, at);
        const slot = hash(sequence);
        match = table[slot]!;
        table[slot] = at;
        if (read32(source, match) !== sequence) break;
        token = out;
        target[out++] = 0;
      }
      at++;
    }
  }
  return writeLiterals(source, anchor, length, target, out);
}

/** A token with its literals; the copy length is added to it later. */
function writeLiterals(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  const count = end - start;
  let out = at + 1;
  if (count < 15) target[at] = count << 4;
  else {
    target[at] = 0xf0;
    out = writeRest(count - 15, target, out);
  }
  copy(source, start, target, out, count);
  return out + count;
}

/** The length of a copy beyond 4: in the token, and what is left of it at `at`. */
function writeCopyLength(length: number, target: Uint8Array, token: number, at: number): number {
  target[token]! += Math.min(length, 15);
  return length < 15 ? at : writeRest(length - 15, target, at);
}

function writeRest(count: number, target: Uint8Array, at: number): number {
  let out = at;
  let left = count;
  for (; left >= 255; left -= 255) target[out++] = 255;
  target[out++] = left;
  return out;
}

/**
 * Decompress one block.
 *
 * @returns bytes written
 * @throws CompressionError for a block that is cut short, copies from before its start, or is longer
 *   than `target`
 */
export function decompressLz4Block(source: Uint8Array, target: Uint8Array): number {
  let at = 0;
  let out = 0;
  const readRest = (base: number): number => {
    let length = base;
    let byte: number;
    do {
      if (at >= source.length) throw new CompressionError('an LZ4 block ends inside a length');
      byte = source[at++]!;
      length += byte;
    } while (byte === 255);
    return length;
  };
  while (at < source.length) {
    const token = source[at++]!;
    let literals = token >> 4;
    if (literals === 15) literals = readRest(literals);
    if (literals > source.length - at)
      throw new CompressionError('an LZ4 block ends inside literals');
    if (literals > target.length - out) throw new CompressionError('an LZ4 block is too long');
    copy(source, at, target, out, literals);
    at += literals;
    out += literals;
    if (at === source.length) return out;
    if (at + 2 > source.length) throw new CompressionError('an LZ4 block ends inside an offset');
    const offset = source[at]! | (source[at + 1]! << 8);
    at += 2;
    if (offset === 0 || offset > out) {
      throw new CompressionError('an LZ4 block copies from before its start');
    }
    let length = token & 15;
    if (length === 15) length = readRest(length);
    length += MIN_MATCH;
    if (length > target.length - out) throw new CompressionError('an LZ4 block is too long');
    if (offset >= length && length > BY_HAND_BYTES) {
      target.copyWithin(out, out - offset, out - offset + length);
      out += length;
    } else {
      // The copy may run into what it writes: then it repeats.
      for (const end = out + length; out < end; out++) target[out] = target[out - offset]!;
    }
  }
  throw new CompressionError('an LZ4 block ends without literals');
}
