import type { FileStat } from '@deltawire/filesystem';
import type { FilterScope } from '@deltawire/filters';
import type { Dialect, EntryAcls, XattrList } from '@deltawire/protocol';
import type { IdNames } from './id-names.ts';

/** Bits of io_error, as they travel at the end of a list (docs/spec/data.md §2.5). */
export const IoError = {
  /** Something could not be read: the receiving side must not delete. */
  GENERAL: 1,
  /** Something vanished while it was being sent. */
  VANISHED: 2,
  /** `--max-delete` was reached. */
  DELETE_LIMIT: 4,
} as const;

/** Something the user should know about a source. */
export interface ScanMessage {
  /**
   * `system`: a failed system call, printed behind `rsync: [sender] `; `error` and `warning`: printed as
   * it is on the error output; `info`: printed as it is; `symsafe`: only with `--info=symsafe`.
   * A `system` or `error` message makes the exit code 23.
   */
  readonly kind: 'system' | 'error' | 'warning' | 'info' | 'symsafe';
  /** A line without its end; a byte string. */
  readonly text: string;
}

/** What the sender puts into its lists, and how. */
export interface ScanOptions {
  /** Source arguments; with `filesFrom` only the first counts, as the base directory. */
  readonly args: readonly string[];
  /** Names of a `--files-from` list, already split. */
  readonly filesFrom?: Iterable<string>;
  readonly dialect: Dialect;

  // What the options of a transfer say; what is left out is off.
  readonly recursive?: boolean;
  /** `--dirs`, also implied by `--list-only` and `--files-from`. */
  readonly dirs?: boolean;
  readonly relative?: boolean;
  /** @default true */
  readonly impliedDirs?: boolean;
  /** Preserve symlinks: otherwise they are listed without their target. */
  readonly links?: boolean;
  readonly copyLinks?: boolean;
  readonly copyDirlinks?: boolean;
  readonly copyUnsafeLinks?: boolean;
  /** Remove the daemon's `/rsyncd-munged/` from targets. */
  readonly mungeLinks?: boolean;
  readonly hardLinks?: boolean;
  /** 1 keeps mount points as empty directories, 2 leaves them out. @default 0 */
  readonly oneFileSystem?: number;
  /** What to do about an argument that does not exist. @default 'report' */
  readonly missingArgs?: 'report' | 'ignore' | 'delete';

  /** First-sight names; leave out when ids are not preserved or numeric. */
  readonly userNames?: IdNames;
  readonly groupNames?: IdNames;
  /** Names travel in the entries (incremental recursion); otherwise the tables are only filled. */
  readonly inlineNames?: boolean;

  /** `--chmod` of the client or `outgoing chmod` of a daemon: the mode to send; not asked about symlinks. */
  readonly adjustMode?: (mode: number, isDirectory: boolean) => number;
  /** `--checksum`: the digest of a regular file; must not throw (zeros for an unreadable one). */
  readonly checksumOf?: (path: string, stat: FileStat) => Uint8Array;
  /** `--acls`: the lists to send; undefined, and an error reported, leaves the file out. */
  readonly aclsOf?: (path: string, stat: FileStat) => EntryAcls | undefined;
  /** `--xattrs`: the attributes to list; undefined, and an error reported, leaves the file out. */
  readonly xattrsOf?: (path: string, stat: FileStat) => XattrList | undefined;
  /** Why a name or its link target cannot be sent (`--iconv`), as a message; undefined when it can. */
  readonly objectionTo?: (name: string, target: string, path: string) => string | undefined;
  /** Indexes follow the order in which entries are sent (`--iconv`). */
  readonly wireIndexes?: boolean;
  /** Filter rules for names below a directory: one scope per transfer root (`prefix` of a `SourceRoot`). */
  readonly filterFor?: (prefix: string) => FilterScope | undefined;

  /** Devices are sent as files with their content. */
  readonly copyDevices?: boolean;

  /** `--fake-super`: what files stand for, and where the links among them lead. */
  readonly standIns?: {
    see(path: string, stat: FileStat): FileStat;
    linkTarget(path: string, seen: FileStat): string | undefined;
  };

  /** What a daemon hides does not exist, wherever in its module the path is. */
  readonly isHidden?: (path: string, isDirectory: boolean) => boolean;
  /** What is found in directories and cannot be read is left out; symlinks never are. */
  readonly ignoreNonreadable?: boolean;

  /**
   * Throws the system's error for a path that must not be used, because a link in it leads out of a
   * daemon's module. `followLast`: whether the last component's own link would be followed.
   */
  readonly checkPath?: (path: string, followLast: boolean) => void;

  /** A path as messages show it, with its quotes. @default made absolute with the working directory */
  readonly showPath?: (path: string) => string;
  readonly onMessage: (message: ScanMessage) => void;
}
