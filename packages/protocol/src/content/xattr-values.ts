import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { readVarint, writeVarint } from '../bytes/integers.ts';
import { ItemFlag } from '../entries/item-flags.ts';
import { XATTR_MAX_COUNT, XATTR_VALUE_MAX_BYTES } from '../entries/xattr-list.ts';
import { LimitError, requireRange } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import type { Dialect } from '../session/dialect.ts';

/** How an item is made that needs no attributes: a hard link to a file that has them. */
const LINKED = ItemFlag.LOCAL_CHANGE | ItemFlag.XNAME_FOLLOWS;

/**
 * Whether an item's header is followed by an xattr part, where xattrs are preserved and this is not a
 * dry run (docs/spec/data.md §10.3).
 */
export function hasXattrPart(dialect: Dialect, iflags: number): boolean {
  if ((iflags & ItemFlag.REPORT_XATTR) === 0) return false;
  const shortens = dialect.protocol >= 31 && !dialect.avoidXattrOptim;
  return !shortens || (iflags & LINKED) !== LINKED;
}

/**
 * The xattr part of a request: which long values are wanted, by number, ascending.
 *
 *     varint difference to the previous number, … , varint 0
 */
export function writeXattrRequest(writer: ByteWriter, numbers: readonly number[]): void {
  let previous = 0;
  for (const number of numbers) {
    writeVarint(writer, number - previous);
    previous = number;
  }
  writeVarint(writer, 0);
}

/**
 * Counterpart of {@link writeXattrRequest}.
 *
 * @throws LimitError with exit code 2
 */
export function readXattrRequest(reader: ByteReader): number[] {
  const numbers: number[] = [];
  for (let number = 0; ; ) {
    const next = readNumber(reader, number);
    if (next === undefined) return numbers;
    numbers.push(next);
    number = next;
  }
}

/** What stands before one value of an answer. */
export interface XattrValueHead {
  readonly number: number;
  /** Bytes that follow. */
  readonly length: number;
}

/**
 * The next value of the xattr part of an answer, or `end`.
 *
 *     varint difference to the previous number, varint length, value, … , varint 0
 *
 * @param previous - number of the value before, or 0
 * @throws LimitError with exit code 2
 */
export function readXattrValueHead(reader: ByteReader, previous: number): XattrValueHead | 'end' {
  const number = readNumber(reader, previous);
  if (number === undefined) return 'end';
  const length = readVarint(reader);
  requireRange('xattr value length', length, 0, XATTR_VALUE_MAX_BYTES, ExitCode.PROTOCOL);
  return { number, length };
}

/** Counterpart of {@link readXattrValueHead}, with the value itself. */
export function writeXattrValue(
  writer: ByteWriter,
  number: number,
  previous: number,
  value: Uint8Array,
): void {
  writeVarint(writer, number - previous);
  writeVarint(writer, value.length);
  writer.bytes(value);
}

/** The end of an answer's xattr part. */
export function writeXattrValuesEnd(writer: ByteWriter): void {
  writeVarint(writer, 0);
}

function readNumber(reader: ByteReader, previous: number): number | undefined {
  const difference = readVarint(reader);
  if (difference === 0) return undefined;
  if (difference < 0) {
    throw new LimitError('xattr number', difference, 1, { exitCode: ExitCode.PROTOCOL });
  }
  const number = previous + difference;
  requireRange('xattr number', number, 1, XATTR_MAX_COUNT, ExitCode.PROTOCOL);
  return number;
}
