import type { ChecksumName } from '@deltawire/checksums';
import type { FileEntry } from '@deltawire/protocol';
import type { TransferStats } from './stats.ts';

/** How far a transfer has come. */
export interface FileProgress {
  readonly transferred: number;
  readonly toCheck: number;
  readonly total: number;
  /** false while incremental lists are still arriving: `total` will grow. */
  readonly listsComplete: boolean;
}

/** One item, as `-i` and `-v` describe it; sizes in bytes. */
export interface ItemDetails {
  readonly ndx: number;
  /** Byte string; the name inside the transfer. */
  readonly name: string;
  readonly entry: FileEntry;
  readonly iflags: number;
  readonly basisType: number;
  readonly xname: string | undefined;
  readonly direction: 'send' | 'recv';
}

/**
 * What happens in a transfer, in order. Names are byte strings. The shape is versioned through
 * the package: fields and kinds are added, not changed.
 */
export type TransferEvent =
  | {
      readonly kind: 'list';
      /** Version that both sides agreed on. Below 29 nothing says what is different about a file. */
      readonly protocol: number;
      readonly direction: 'sending' | 'receiving';
      readonly incremental: boolean;
      readonly state: 'start' | 'progress' | 'done';
      readonly files: number;
    }
  /** One line of `--list-only`. */
  | { readonly kind: 'listing'; readonly entry: FileEntry }
  /** Something changed or is about to be transferred. */
  | ({ readonly kind: 'item' } & ItemDetails)
  /** A file's content has arrived (or was sent) and was verified. */
  | ({
      readonly kind: 'transferred';
      readonly literalBytes: number;
      readonly matchedBytes: number;
      readonly bytesSent: number;
      readonly bytesReceived: number;
      /** Of the whole file, in the byte order of the wire; and which checksum it is. */
      readonly checksum: Uint8Array | undefined;
      readonly checksumName: ChecksumName;
    } & ItemDetails)
  | {
      readonly kind: 'progress';
      readonly ndx: number;
      readonly name: string;
      readonly bytes: number;
      readonly size: number;
      readonly files: FileProgress;
      readonly totalBytes: number;
      readonly totalSize: number;
      /** The last report of this file. */
      readonly final: boolean;
    }
  /** A file list or a phase has come to its end; what has been transferred so far. */
  | {
      readonly kind: 'checked';
      readonly files: FileProgress;
      readonly totalBytes: number;
      readonly totalSize: number;
    }
  | { readonly kind: 'delete'; readonly name: string; readonly isDirectory: boolean }
  | { readonly kind: 'created-directory'; readonly path: string }
  /** Text as rsync prints it (byte string, lines end in LF), already filtered by info levels. */
  | {
      readonly kind: 'message';
      readonly level: 'info' | 'warning' | 'error';
      readonly origin: 'local' | 'remote';
      readonly text: string;
    }
  /** Signatures ahead: asked for, computed while waiting, used. */
  | {
      readonly kind: 'signature';
      readonly phase: 'requested' | 'collected' | 'used';
      readonly ndx: number;
      readonly outcome?: 'hit' | 'wait' | 'miss' | 'inline';
      readonly bytes: number;
    }
  | { readonly kind: 'stats'; readonly stats: TransferStats };
