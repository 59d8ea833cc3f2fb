import type { EntryAcls } from './acl-list.ts';
import type { XattrList } from './xattr-list.ts';

/** File types: the bits `mode & FILE_TYPE_MASK`, with Linux's values on the wire. */
export const FileType = {
  SOCKET: 0o140000,
  SYMLINK: 0o120000,
  REGULAR: 0o100000,
  BLOCK_DEVICE: 0o060000,
  DIRECTORY: 0o040000,
  CHARACTER_DEVICE: 0o020000,
  FIFO: 0o010000,
} as const;

/** The part of a mode that is the file type. */
export const FILE_TYPE_MASK = 0o170000;

/** How an entry belongs to a set of hard links (docs/spec/data.md §3.7). */
export type HardLinkInfo =
  /** First of its set in this session (protocol >= 30). */
  | { readonly kind: 'leader' }
  /** Same file as the leader, which has this wire index (protocol >= 30). */
  | { readonly kind: 'follower'; readonly leader: number }
  /** Below protocol 30: opaque keys of the file; a bigint where a number is not exact. */
  | { readonly kind: 'inode'; readonly dev: number | bigint; readonly ino: number | bigint };

/** One entry of a file list. Names are byte strings. */
export interface FileEntry {
  /** Path inside the transfer, without `.` and empty components; `.` for the top directory. */
  name: string;
  /** Type and permissions. 0 for an item whose source argument is missing. */
  mode: number;
  /** Bytes. */
  size: number;
  /** Seconds since 1970; negative before (but unsigned 32 bit below protocol 30). */
  mtime: number;
  /** 0 to 999999999; only sent from protocol 31. */
  mtimeNs: number;
  /** Seconds since 1970; only sent with `--atimes`, not for directories. */
  atime: number;
  /** 0 to 999999999; never sent. */
  atimeNs: number;
  /** Seconds since 1970; only sent with `--crtimes`. */
  crtime: number;
  /** Unsigned 32 bit; 0 when owners are not sent. */
  uid: number;
  /** Unsigned 32 bit; 0 when groups are not sent. */
  gid: number;
  /** Name of `uid`, only where it is sent with the entry. */
  userName: string | undefined;
  /** Name of `gid`, only where it is sent with the entry. */
  groupName: string | undefined;
  /** Device number; 0 for what is not a device. */
  rdevMajor: number;
  rdevMinor: number;
  /** Target of a symlink, else the empty string. */
  linkTarget: string;
  /** Whole-file sum with `--checksum`. */
  checksum: Uint8Array | undefined;
  /** A directory that was an argument, or an implied parent of one (docs/spec/data.md §3.5). */
  topDir: boolean;
  /** A directory whose contents are not part of the transfer (docs/spec/data.md §3.5). */
  noContent: boolean;
  hardLink: HardLinkInfo | undefined;
  /** Access-control lists; only sent with `--acls`, not for symlinks. */
  acls: EntryAcls | undefined;
  /** Extended attributes; only sent with `--xattrs`. */
  xattrs: XattrList | undefined;
}

/**
 * An entry with every property present and in the same order, so that all entries have one hidden
 * class. What is not given is zero, empty or undefined.
 */
export function createFileEntry(partial: Partial<FileEntry>): FileEntry {
  return {
    name: partial.name ?? '',
    mode: partial.mode ?? 0,
    size: partial.size ?? 0,
    mtime: partial.mtime ?? 0,
    mtimeNs: partial.mtimeNs ?? 0,
    atime: partial.atime ?? 0,
    atimeNs: partial.atimeNs ?? 0,
    crtime: partial.crtime ?? 0,
    uid: partial.uid ?? 0,
    gid: partial.gid ?? 0,
    userName: partial.userName,
    groupName: partial.groupName,
    rdevMajor: partial.rdevMajor ?? 0,
    rdevMinor: partial.rdevMinor ?? 0,
    linkTarget: partial.linkTarget ?? '',
    checksum: partial.checksum,
    topDir: partial.topDir ?? false,
    noContent: partial.noContent ?? false,
    hardLink: partial.hardLink,
    acls: partial.acls,
    xattrs: partial.xattrs,
  };
}

/**
 * How names of this side become those of the wire and back (`--iconv`, docs/spec/data.md §3.16). Links
 * are only converted where both sides can.
 */
export interface NameConversion {
  /** Only called with names that have a form on the wire. */
  nameToWire(name: string): string;
  /** The empty string for one that has no form here: the entry then keeps its index and nothing else. */
  nameFromWire(name: string): string;
  readonly links:
    | {
        toWire(target: string): string;
        /** Undefined for one that has no form here; `name` is that of the entry. */
        fromWire(target: string, name: string): string | undefined;
      }
    | undefined;
}

/** What both sides know from their options about the fields of an entry. */
export interface EntryCodecOptions {
  /** Owners are preserved. */
  readonly uid: boolean;
  /** Groups are preserved. */
  readonly gid: boolean;
  /** Symlinks are preserved. */
  readonly links: boolean;
  /** Devices are preserved. */
  readonly devices: boolean;
  /** Fifos and sockets are preserved. */
  readonly specials: boolean;
  /** Hard links are preserved. */
  readonly hardLinks: boolean;
  /** Bytes of a whole-file sum; 0 without `--checksum`. */
  readonly checksumLength: number;
  /** Access times are preserved. */
  readonly atimes: boolean;
  /** Creation times are preserved. */
  readonly crtimes: boolean;
  /** Access-control lists are preserved. @default false */
  readonly acls?: boolean;
  /** Extended attributes are preserved. @default false */
  readonly xattrs?: boolean;
  /** Names of ids travel with the entries: incremental recursion without `--numeric-ids`. */
  readonly inlineNames: boolean;
  /** `--relative`: names may begin with a slash. */
  readonly relative: boolean;
  /** `--delete-missing-args`: mode 0 is allowed. @default false */
  readonly missingArgs?: boolean;
  /**
   * `--recursive`. Only a reader below protocol 30 needs it, to work out which directories have
   * contents. @default false
   */
  readonly recursive?: boolean;
  /** Names have another form on the wire. @default the same */
  readonly conversion?: NameConversion | undefined;
}

/** Whether a mode is that of a directory. */
export function isDirectoryMode(mode: number): boolean {
  return (mode & FILE_TYPE_MASK) === FileType.DIRECTORY;
}

/** Whether a mode is that of a regular file. */
export function isRegularMode(mode: number): boolean {
  return (mode & FILE_TYPE_MASK) === FileType.REGULAR;
}

/** Whether a mode is that of a symlink. */
export function isSymlinkMode(mode: number): boolean {
  return (mode & FILE_TYPE_MASK) === FileType.SYMLINK;
}

/** Whether a mode is that of a block or character device. */
export function isDeviceMode(mode: number): boolean {
  const type = mode & FILE_TYPE_MASK;
  return type === FileType.BLOCK_DEVICE || type === FileType.CHARACTER_DEVICE;
}

/** Whether a mode is that of a fifo or socket. */
export function isSpecialMode(mode: number): boolean {
  const type = mode & FILE_TYPE_MASK;
  return type === FileType.FIFO || type === FileType.SOCKET;
}
