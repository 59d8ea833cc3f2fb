import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { readVarint30, writeVarint30 } from '../bytes/integers.ts';
import { LimitError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import type { Dialect } from '../session/dialect.ts';

/** The name of a user or group on the sending side. */
export interface IdName {
  /** Unsigned 32 bit, not 0. */
  readonly id: number;
  /** Byte string, at most 255 bytes. */
  readonly name: string;
}

/** A user or group list as it follows a file list that is not incremental. */
export interface IdList {
  readonly entries: readonly IdName[];
  /** Name of id 0; undefined when the dialect has no place for it, may be empty. */
  readonly id0Name: string | undefined;
}

/** More names than this in one list are taken for an attack. */
export const ID_LIST_MAX_ENTRIES: number = 2 ** 20;

/**
 * Repeated: varint30 id (not 0), byte length, name; end: varint30 0 and, with ID0_NAMES, byte length
 * and the name of id 0. Source: docs/spec/data.md §3.11.
 *
 * @throws LimitError beyond {@link ID_LIST_MAX_ENTRIES}
 */
export function readIdList(reader: ByteReader, dialect: Dialect): IdList {
  const entries: IdName[] = [];
  for (;;) {
    const id = readVarint30(reader, dialect.protocol) >>> 0;
    if (id === 0) break;
    if (entries.length === ID_LIST_MAX_ENTRIES) {
      throw new LimitError('id list length', entries.length + 1, ID_LIST_MAX_ENTRIES, {
        exitCode: ExitCode.MALLOC,
      });
    }
    entries.push({ id, name: reader.string(reader.u8()) });
  }
  const id0Name = dialect.id0Names ? reader.string(reader.u8()) : undefined;
  return { entries, id0Name };
}

/** Counterpart of {@link readIdList}. */
export function writeIdList(writer: ByteWriter, dialect: Dialect, list: IdList): void {
  for (const { id, name } of list.entries) {
    writeVarint30(writer, id, dialect.protocol);
    writeIdName(writer, name);
  }
  writeVarint30(writer, 0, dialect.protocol);
  if (dialect.id0Names) writeIdName(writer, list.id0Name ?? '');
}

/**
 * byte length, name.
 * @internal
 */
export function writeIdName(writer: ByteWriter, name: string): void {
  if (name.length > 255) throw new RangeError(`id name of ${name.length} bytes, at most 255 fit`);
  writer.u8(name.length);
  writer.string(name);
}
