import { type BigIntStats, fstatSync, lstatSync, statSync } from 'node:fs';
import { errnoCode } from './errno.ts';
import { fsPath } from './paths.ts';

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

// bigint stats cost the same as plain ones and are the only ones with exact nanoseconds.
const OPTIONS = { bigint: true, throwIfNoEntry: false } as const;

/** The file itself, links not followed. Undefined when there is none; other errors are thrown. */
export function lstat(path: string): FileStat | undefined {
  return missingAsUndefined(() => lstatSync(fsPath(path), OPTIONS));
}

/** The file a path leads to, links followed. Undefined when there is none; other errors are thrown. */
export function stat(path: string): FileStat | undefined {
  return missingAsUndefined(() => statSync(fsPath(path), OPTIONS));
}

/** The file behind an open descriptor. */
export function fstat(fd: number): FileStat {
  return toFileStat(fstatSync(fd, { bigint: true }));
}

/** The error of an lstat or stat that gave undefined: tells a missing file from a missing directory. */
export function statError(path: string, followLinks: boolean): unknown {
  try {
    if (followLinks) statSync(fsPath(path));
    else lstatSync(fsPath(path));
  } catch (error) {
    return error;
  }
  // It appeared in the meantime: report what was seen first.
  return Object.assign(new Error('No such file or directory'), { code: 'ENOENT', errno: -2 });
}

function missingAsUndefined(call: () => BigIntStats | undefined): FileStat | undefined {
  try {
    const stats = call();
    return stats && toFileStat(stats);
  } catch (error) {
    if (errnoCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/**
 * Seconds and nanoseconds of a time in nanoseconds, without dividing big integers: the milliseconds
 * give the seconds, and the low 32 bits the rest exactly.
 */
function wholeSeconds(ms: bigint, ns: bigint): number {
  const seconds = Math.floor(Number(ms) / 1000);
  // Milliseconds are truncated towards zero, which is one too many just below a whole second.
  return ns < 0n && seconds * 1000 === Number(ms) && ms * 1_000_000n !== ns ? seconds - 1 : seconds;
}

function restOfSecond(seconds: number, ns: bigint): number {
  const low = Number(BigInt.asUintN(32, ns));
  return (low - (Math.imul(seconds, 1_000_000_000) >>> 0)) >>> 0;
}

function toFileStat(stats: BigIntStats): FileStat {
  const mode = Number(stats.mode);
  const type = fileTypeOfMode(mode);
  const isDevice = type === 'char' || type === 'block';
  const mtime = wholeSeconds(stats.mtimeMs, stats.mtimeNs);
  const atime = wholeSeconds(stats.atimeMs, stats.atimeNs);
  return {
    type,
    mode,
    size: Number(stats.size),
    mtime,
    mtimeNs: restOfSecond(mtime, stats.mtimeNs),
    atime,
    atimeNs: restOfSecond(atime, stats.atimeNs),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    rdevMajor: isDevice ? deviceMajor(stats.rdev) : 0,
    rdevMinor: isDevice ? deviceMinor(stats.rdev) : 0,
    dev: stats.dev,
    ino: stats.ino,
    nlink: Number(stats.nlink),
  };
}

/** Major number of a `dev_t`: Linux keeps 12 bits at 8 and 20 more at 44, others 8 bits at 24. */
function deviceMajor(rdev: bigint): number {
  if (process.platform !== 'linux') return Number((rdev >> 24n) & 0xffn);
  return Number(((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n));
}

/** Minor number of a `dev_t`: Linux keeps 8 bits at 0 and 24 more at 20, others 24 bits at 0. */
function deviceMinor(rdev: bigint): number {
  if (process.platform !== 'linux') return Number(rdev & 0xffffffn);
  return Number((rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n));
}
