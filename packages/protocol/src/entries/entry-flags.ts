import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { readVarint, writeVarint } from '../bytes/integers.ts';
import { ProtocolError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import type { Dialect } from '../session/dialect.ts';

/**
 * Flags before a file-list entry. Some bits mean different things for different file types and
 * versions. Source: docs/spec/data.md §3.3.
 */
export const EntryFlag = {
  TOP_DIR: 0x1,
  SAME_MODE: 0x2,
  /** Protocol 27. */
  SAME_RDEV: 0x4,
  /** Protocol >= 28: a second byte follows; a filler in varint form. */
  EXTENDED_FLAGS: 0x4,
  SAME_UID: 0x8,
  SAME_GID: 0x10,
  /** The name shares a prefix with the previous one. */
  SAME_NAME: 0x20,
  /** The length of the rest of the name does not fit in a byte. */
  LONG_NAME: 0x40,
  SAME_TIME: 0x80,
  /** Protocol >= 28, devices. */
  SAME_RDEV_MAJOR: 0x100,
  /** Protocol >= 30, directories. */
  NO_CONTENT_DIR: 0x100,
  /** Protocol >= 28. */
  HLINKED: 0x200,
  /** Protocol 28 and 29, with HLINKED. */
  SAME_DEV: 0x400,
  /** Protocol >= 30. */
  USER_NAME_FOLLOWS: 0x400,
  /** Protocol 28 and 29, devices: the minor number is one byte. */
  RDEV_MINOR_8: 0x800,
  /** Protocol >= 30. */
  GROUP_NAME_FOLLOWS: 0x800,
  /** Protocol >= 30, with HLINKED. */
  HLINK_FIRST: 0x1000,
  /** With nothing but EXTENDED_FLAGS: the list ends with an I/O error. */
  IO_ERROR_ENDLIST: 0x1000,
  /** Protocol >= 31: nanoseconds follow. */
  MOD_NSEC: 0x2000,
  SAME_ATIME: 0x4000,
  /** Varint form. */
  CRTIME_EQ_MTIME: 0x20000,
} as const;

/** The flags value that ends a list with an I/O error. */
const ERROR_END = EntryFlag.EXTENDED_FLAGS | EntryFlag.IO_ERROR_ENDLIST;

/** Bits of io_error that a peer may set. */
const IO_ERROR_MASK = 7;

/** The flags of the next entry; 0 at the end of the list, behind which {@link readListError} reads. */
export function readEntryFlags(reader: ByteReader, dialect: Dialect): number {
  if (dialect.varintFlistFlags) return readVarint(reader);
  const flags = reader.u8();
  return dialect.extendedFlags && flags & EntryFlag.EXTENDED_FLAGS
    ? flags | (reader.u8() << 8)
    : flags;
}

/** Whether these flags end the list instead of beginning an entry. */
export function isListEnd(flags: number, dialect: Dialect): boolean {
  if (flags === 0) return true;
  if (flags !== ERROR_END || dialect.varintFlistFlags || !dialect.extendedFlags) return false;
  if (dialect.safeFlist) return true;
  throw new ProtocolError('invalid end of file list: the peer may not report an I/O error here', {
    exitCode: ExitCode.PROTOCOL,
  });
}

/** The io_error bits behind the flags that end a list, if this form of the end has any. */
export function readListError(reader: ByteReader, dialect: Dialect, flags: number): number {
  const present = dialect.varintFlistFlags || flags === ERROR_END;
  return present ? readVarint(reader) & IO_ERROR_MASK : 0;
}

/**
 * Write an entry's flags so that they cannot be taken for the end of the list.
 *
 * @returns the flags as a reader sees them (a filler may change what follows)
 */
export function writeEntryFlags(
  writer: ByteWriter,
  dialect: Dialect,
  flags: number,
  isDirectory: boolean,
): number {
  if (dialect.varintFlistFlags) {
    writeVarint(writer, flags === 0 ? EntryFlag.EXTENDED_FLAGS : flags);
    return flags;
  }
  if (!dialect.extendedFlags) {
    let byte = flags & 0xff;
    if (byte === 0) byte = isDirectory ? EntryFlag.LONG_NAME : EntryFlag.TOP_DIR;
    writer.u8(byte);
    return byte;
  }
  let bits = flags & 0xffff;
  if (bits === 0 && !isDirectory) bits = EntryFlag.TOP_DIR;
  if (bits === 0 || bits > 0xff) {
    writer.u16(bits | EntryFlag.EXTENDED_FLAGS);
  } else {
    writer.u8(bits);
  }
  return bits;
}

/**
 * End a list (docs/spec/data.md §3.10). Where this form of the end cannot carry an error, `ioError`
 * is not written: below protocol 30 it follows the id lists, at 30 it travels as a message.
 */
export function writeListEnd(writer: ByteWriter, dialect: Dialect, ioError: number): void {
  if (dialect.varintFlistFlags) {
    writer.u8(0);
    writeVarint(writer, ioError);
  } else if (ioError !== 0 && dialect.safeFlist) {
    writer.u16(ERROR_END);
    writeVarint(writer, ioError);
  } else {
    writer.u8(0);
  }
}
