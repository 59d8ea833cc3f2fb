import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { readVarint, writeVarint } from '../bytes/integers.ts';
import { LimitError, ProtocolError, requireRange } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';

/** Longer values are listed by their digests, and sent only when they are asked for. */
export const XATTR_INLINE_MAX_BYTES = 32;
/** Length of such a digest: a plain MD5 of the value. */
export const XATTR_DIGEST_BYTES = 16;
/** Most attributes of one entry. */
export const XATTR_MAX_COUNT = 65_536;
/** Longest name, bytes. */
export const XATTR_NAME_MAX_BYTES = 4096;
/** Longest value, bytes. */
export const XATTR_VALUE_MAX_BYTES: number = 128 * 1024 * 1024;
/** Most bytes of one list as it is in an entry: Linux has 64 KiB of names. */
const LIST_MAX_BYTES = 4 * 1024 * 1024;
/** Most bytes of all lists of a session. */
const SESSION_MAX_BYTES = 512 * 1024 * 1024;

/** One extended attribute of an entry. */
export interface Xattr {
  /** Its place in the list as it was sent, from 1: how its value is asked for. */
  readonly number: number;
  /** A byte string. */
  readonly name: string;
  /** Bytes of the value. */
  length: number;
  /** The value; undefined while only its digest is here. */
  value: Uint8Array | undefined;
  /** MD5 of a value longer than {@link XATTR_INLINE_MAX_BYTES}. */
  digest: Uint8Array | undefined;
}

/** The attributes of an entry, sorted by name. Entries with the same attributes share the list. */
export type XattrList = readonly Xattr[];

/** The last field of an entry, and whether it is a list that was not seen before. */
export interface ReadXattrs {
  readonly list: XattrList;
  /** Bytes of a new list; 0 for one that is referred to. */
  readonly newBytes: number;
}

/**
 * Reads the lists of a session, protocol 30 and newer (docs/spec/data.md §10.3):
 *
 *     varint ref           n > 0: the n-th literal list; 0: a literal list follows
 *     varint count
 *     count times: varint length of the name with its NUL, varint length of the value,
 *                  name, NUL, value or, when it is longer than 32 bytes, its MD5
 */
export class XattrListReader {
  readonly #lists: XattrList[] = [];
  #bytes: number = 0;

  /**
   * One list. Changes nothing: {@link XattrListReader.keep} does, once the whole entry has arrived.
   *
   * @throws ProtocolError, LimitError with exit code 2
   */
  read(reader: ByteReader): ReadXattrs {
    const reference = readVarint(reader);
    if (reference === 0) return readLiteral(reader);
    const list = this.#lists[reference - 1];
    if (list !== undefined) return { list, newBytes: 0 };
    throw new LimitError('xattr list number', reference, this.#lists.length, {
      exitCode: ExitCode.PROTOCOL,
    });
  }

  /** Number a new list. */
  keep({ list, newBytes }: ReadXattrs): void {
    if (newBytes === 0) return;
    this.#bytes += newBytes;
    requireRange('bytes of xattrs', this.#bytes, 0, SESSION_MAX_BYTES, ExitCode.MALLOC);
    this.#lists.push(list);
  }
}

function readLiteral(reader: ByteReader): ReadXattrs {
  const count = readVarint(reader);
  requireRange('xattr count', count, 0, XATTR_MAX_COUNT, ExitCode.PROTOCOL);
  const list: Xattr[] = [];
  let bytes = 1;
  for (let number = 1; number <= count; number++) {
    const nameLength = readVarint(reader);
    const length = readVarint(reader);
    requireRange('xattr name length', nameLength, 1, XATTR_NAME_MAX_BYTES, ExitCode.PROTOCOL);
    requireRange('xattr value length', length, 0, XATTR_VALUE_MAX_BYTES, ExitCode.PROTOCOL);
    const name = reader.string(nameLength - 1);
    if (reader.u8() !== 0 || name.includes('\0')) {
      throw new ProtocolError('the name of an xattr does not end where it should', {
        exitCode: ExitCode.PROTOCOL,
      });
    }
    const isDigest = length > XATTR_INLINE_MAX_BYTES;
    const datum = reader.bytes(isDigest ? XATTR_DIGEST_BYTES : length).slice();
    bytes += nameLength + datum.length;
    requireRange('bytes of an xattr list', bytes, 0, LIST_MAX_BYTES, ExitCode.PROTOCOL);
    list.push({
      number,
      name,
      length,
      value: isDigest ? undefined : datum,
      digest: isDigest ? datum : undefined,
    });
  }
  return { list, newBytes: bytes };
}

/** Writes the lists of a session; counterpart of {@link XattrListReader}. */
export class XattrListWriter {
  /** Numbers of the lists written so far, by what is in them. */
  readonly #numbers: Map<string, number> = new Map();

  /** A list without attributes is a list too. */
  write(writer: ByteWriter, list: XattrList): void {
    const key = contentsOf(list);
    const known = this.#numbers.get(key);
    writeVarint(writer, known ?? 0);
    if (known !== undefined) return;
    this.#numbers.set(key, this.#numbers.size + 1);
    writeVarint(writer, list.length);
    for (const { name, length, value, digest } of list) {
      writeVarint(writer, name.length + 1);
      writeVarint(writer, length);
      writer.string(name);
      writer.u8(0);
      writer.bytes(digest ?? value ?? NOTHING);
    }
  }
}

const NOTHING: Uint8Array = new Uint8Array(0);

/** Equal for equal lists only: what varies in length is behind its length. */
function contentsOf(list: XattrList): string {
  let text = '';
  for (const { name, length, value, digest } of list) {
    text += `${name}\0${length}:`;
    for (const byte of digest ?? value ?? NOTHING) text += String.fromCharCode(byte);
  }
  return text;
}
