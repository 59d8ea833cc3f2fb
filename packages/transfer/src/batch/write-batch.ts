import { BatchFlag, ByteWriter, writeBatchHeader, writeTransferStats } from '@deltawire/protocol';
import type { Session } from '../session.ts';
import { batchFlags } from './batch-flags.ts';

/** Where a batch goes. `write` may throw: the transfer then ends with that error. */
export interface BatchSink {
  /** Bytes in order; the array is not used again. */
  write(bytes: Uint8Array): void;
}

/**
 * Begin a batch (docs/spec/data.md §11): what the two sides have agreed on. What the sender says follows;
 * a receiving client hears it, a sending one records its own words once the rules are sent.
 */
export function beginBatch(
  { agreement, charset, options, receives, wire }: Session,
  batch: BatchSink,
): void {
  const { dialect, seed } = agreement;
  const { protocol, compatFlags } = dialect;
  const header = new ByteWriter();
  const flags = batchFlags(options) | (charset === undefined ? 0 : BatchFlag.ICONV);
  writeBatchHeader(header, { flags, protocol, compatFlags, seed });
  batch.write(header.take());
  if (receives) wire.recordInput((bytes) => batch.write(bytes));
}

/** A sending client keeps its statistics for itself, but a batch has them before the last DONE. */
export function endBatch({ agreement, stats, wire }: Session, batch: BatchSink): void {
  wire.flush();
  const writer = new ByteWriter();
  writeTransferStats(writer, agreement.dialect, {
    bytesRead: wire.bytesRead,
    bytesWritten: wire.bytesWritten,
    totalSize: stats.totalSize,
    listBuildMs: Math.max(1, Math.round(stats.listBuildMs)),
    listTransferMs: Math.round(stats.listTransferMs),
  });
  batch.write(writer.take());
}
