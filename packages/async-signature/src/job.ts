import type { TransferChecksum } from '@deltawire/checksums';
import type { BlockLayout } from '@deltawire/signature';

/** A file as a worker gets it. */
export interface FileJob {
  /** Descriptor of this process, open for reading; the worker neither opens nor closes anything. */
  readonly fd: number;
  readonly layout: BlockLayout;
}

/** What is handed to a worker at once: one large file, or many small ones. */
export interface BatchJob {
  readonly checksum: TransferChecksum;
  readonly files: readonly FileJob[];
  /** Shared memory, one element per file: not 0 when nobody wants that file any more. */
  readonly cancelled: Int32Array;
}

/** What became of one file of a batch; the sums of a signed one are in the reply. */
export type FileOutcome =
  | { readonly kind: 'signed' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'shrank'; readonly message: string }
  | { readonly kind: 'grew'; readonly length: number }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string | undefined };

/** Answer to a {@link BatchJob}, outcomes in the order of its files. */
export interface BatchReply {
  readonly outcomes: readonly FileOutcome[];
  /** The sums of all files, where {@link SumsCursor} finds them. */
  readonly sums: ArrayBuffer;
  /** Bytes read from files. */
  readonly bytesRead: number;
  /** Time the worker spent on the batch, milliseconds. */
  readonly busyMs: number;
  /** Which worker thread it was. */
  readonly threadId: number;
}
