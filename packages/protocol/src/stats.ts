import type { ByteReader } from './bytes/byte-reader.ts';
import type { ByteWriter } from './bytes/byte-writer.ts';
import { readVarint, readVarlong30, writeVarint, writeVarlong30 } from './bytes/integers.ts';
import { requireRange } from './errors.ts';
import { ExitCode } from './exit-code.ts';
import type { Dialect } from './session/dialect.ts';

/** What a sending server tells its client at the end (docs/spec/session.md §8.7). */
export interface WireTransferStats {
  /** Bytes that the server read since the handshake. */
  readonly bytesRead: number;
  /** Bytes that the server wrote since the handshake. */
  readonly bytesWritten: number;
  /** Bytes in all listed files and symlinks. */
  readonly totalSize: number;
  /** Milliseconds; 0 below protocol 29. */
  readonly listBuildMs: number;
  /** Milliseconds; 0 below protocol 29. */
  readonly listTransferMs: number;
}

/** varlong30(3) each; the last two only from protocol 29. */
export function readTransferStats(reader: ByteReader, dialect: Dialect): WireTransferStats {
  const { protocol, listTimes } = dialect;
  const bytesRead = readVarlong30(reader, protocol, 3);
  const bytesWritten = readVarlong30(reader, protocol, 3);
  const totalSize = readVarlong30(reader, protocol, 3);
  const listBuildMs = listTimes ? readVarlong30(reader, protocol, 3) : 0;
  const listTransferMs = listTimes ? readVarlong30(reader, protocol, 3) : 0;
  return { bytesRead, bytesWritten, totalSize, listBuildMs, listTransferMs };
}

/** Counterpart of {@link readTransferStats}. */
export function writeTransferStats(
  writer: ByteWriter,
  dialect: Dialect,
  stats: WireTransferStats,
): void {
  const { protocol } = dialect;
  writeVarlong30(writer, stats.bytesRead, protocol, 3);
  writeVarlong30(writer, stats.bytesWritten, protocol, 3);
  writeVarlong30(writer, stats.totalSize, protocol, 3);
  if (!dialect.listTimes) return;
  writeVarlong30(writer, stats.listBuildMs, protocol, 3);
  writeVarlong30(writer, stats.listTransferMs, protocol, 3);
}

/** What the receiving side deleted (docs/spec/session.md §8.6). */
export interface DeleteStats {
  /** Regular files. */
  readonly files: number;
  readonly directories: number;
  readonly symlinks: number;
  readonly devices: number;
  readonly specials: number;
}

/** Largest number of deletions of one kind. */
export const DELETE_COUNT_MAX: number = 2 ** 28;

/**
 * The five varints behind NDX_DEL_STATS.
 *
 * @throws LimitError with exit code 2 when one is outside 0 to {@link DELETE_COUNT_MAX}
 */
export function readDeleteStats(reader: ByteReader): DeleteStats {
  const files = readCount(reader);
  const directories = readCount(reader);
  const symlinks = readCount(reader);
  const devices = readCount(reader);
  const specials = readCount(reader);
  return { files, directories, symlinks, devices, specials };
}

/** Counterpart of {@link readDeleteStats}. */
export function writeDeleteStats(writer: ByteWriter, stats: DeleteStats): void {
  writeVarint(writer, stats.files);
  writeVarint(writer, stats.directories);
  writeVarint(writer, stats.symlinks);
  writeVarint(writer, stats.devices);
  writeVarint(writer, stats.specials);
}

function readCount(reader: ByteReader): number {
  const count = readVarint(reader);
  requireRange('deletion count', count, 0, DELETE_COUNT_MAX, ExitCode.PROTOCOL);
  return count;
}
