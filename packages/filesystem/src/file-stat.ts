/** The seven kinds of things in a Unix directory. */
export type FileType = 'file' | 'directory' | 'symlink' | 'char' | 'block' | 'fifo' | 'socket';

/** The type bits of `st_mode` (docs/spec/data.md §3.4). */
export const FileTypeBits = {
  MASK: 0o170000,
  SOCKET: 0o140000,
  SYMLINK: 0o120000,
  FILE: 0o100000,
  BLOCK: 0o060000,
  DIRECTORY: 0o040000,
  CHAR: 0o020000,
  FIFO: 0o010000,
} as const;

/** What lstat(2) says about a file. */
export interface FileStat {
  readonly type: FileType;
  /** Complete `st_mode`, type bits included. */
  readonly mode: number;
  /** Bytes. */
  readonly size: number;
  /** Whole seconds since 1970, may be negative. */
  readonly mtime: number;
  /** Nanoseconds within that second, 0..999999999. */
  readonly mtimeNs: number;
  readonly atime: number;
  readonly atimeNs: number;
  readonly uid: number;
  readonly gid: number;
  /** Device number of a char or block device, 0 for others. */
  readonly rdevMajor: number;
  readonly rdevMinor: number;
  /** The file system it lives on. */
  readonly dev: bigint;
  readonly ino: bigint;
  readonly nlink: number;
}

/** The kind of file that a mode describes; unknown type bits count as a regular file. */
export function fileTypeOfMode(mode: number): FileType {
  switch (mode & FileTypeBits.MASK) {
    case FileTypeBits.DIRECTORY:
      return 'directory';
    case FileTypeBits.SYMLINK:
      return 'symlink';
    case FileTypeBits.CHAR:
      return 'char';
    case FileTypeBits.BLOCK:
      return 'block';
    case FileTypeBits.FIFO:
      return 'fifo';
    case FileTypeBits.SOCKET:
      return 'socket';
    default:
      return 'file';
  }
}
