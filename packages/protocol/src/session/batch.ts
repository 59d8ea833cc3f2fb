import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { readVarint, writeVarint } from '../bytes/integers.ts';
import { ProtocolError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { PROTOCOL_MIN } from './version.ts';

/** Options that a batch was written with: bits of its first field (docs/spec/data.md §11). */
export const BatchFlag = {
  RECURSE: 0x1,
  OWNER: 0x2,
  GROUP: 0x4,
  LINKS: 0x8,
  DEVICES: 0x10,
  HARD_LINKS: 0x20,
  CHECKSUM: 0x40,
  DIRS: 0x80,
  COMPRESS: 0x100,
  ICONV: 0x200,
  ACLS: 0x400,
  XATTRS: 0x800,
  INPLACE: 0x1000,
  APPEND: 0x2000,
  APPEND_VERIFY: 0x4000,
} as const;

/** What a batch begins with; behind it comes what the sender said, without frames. */
export interface BatchHeader {
  /** {@link BatchFlag} bits. */
  readonly flags: number;
  readonly protocol: number;
  /** 0 below protocol 30. */
  readonly compatFlags: number;
  /** The session's checksum seed, a signed 32-bit number. */
  readonly seed: number;
}

/**
 * `flags i32, protocol i32, compat flags varint (protocol >= 30), seed i32`.
 *
 * @param newest - protocols above are refused
 * @throws ProtocolError with exit code 2
 */
export function readBatchHeader(reader: ByteReader, newest: number): BatchHeader {
  const flags = reader.i32();
  const protocol = reader.i32();
  if (protocol > newest) {
    throw unusable(`The protocol version in the batch file is too new (${protocol} > ${newest}).`);
  }
  if (protocol < PROTOCOL_MIN) {
    throw unusable(
      `The protocol version in the batch file is too old (${protocol} < ${PROTOCOL_MIN}).`,
    );
  }
  const compatFlags = protocol >= 30 ? readVarint(reader) : 0;
  return { flags, protocol, compatFlags, seed: reader.i32() };
}

/** Counterpart of {@link readBatchHeader}. */
export function writeBatchHeader(writer: ByteWriter, header: BatchHeader): void {
  writer.i32(header.flags);
  writer.i32(header.protocol);
  if (header.protocol >= 30) writeVarint(writer, header.compatFlags);
  writer.i32(header.seed);
}

const unusable = (message: string): ProtocolError =>
  new ProtocolError(message, { code: 'BATCH_MISMATCH', exitCode: ExitCode.PROTOCOL });
