import { type BigIntStats, fstatSync, lstatSync, statSync } from 'node:fs';
import { errnoCode } from './errno.ts';
import { type FileStat, fileTypeOfMode } from './file-stat.ts';
import { type NativeStat, openNativeStat } from './native-stat.ts';
import { fsPath } from './paths.ts';

// bigint stats cost the same as plain ones and are the only ones with exact nanoseconds.
const OPTIONS = { bigint: true, throwIfNoEntry: false } as const;

/** The file itself, links not followed. Undefined when there is none; other errors are thrown. */
export function lstat(path: string): FileStat | undefined {
  return look(path, false);
}

/** The file a path leads to, links followed. Undefined when there is none; other errors are thrown. */
export function stat(path: string): FileStat | undefined {
  return look(path, true);
}

/** So many looks take as long as it takes to load the native call, which then saves that over again. */
const LOOKS_BEFORE_NATIVE = 2000;

let looks = 0;
let native: NativeStat | undefined;

function look(path: string, followLinks: boolean): FileStat | undefined {
  if (native !== undefined && isPlain(path)) return native(path, followLinks);
  if (++looks === LOOKS_BEFORE_NATIVE) native = openNativeStat();
  try {
    const file = fsPath(path);
    const stats = followLinks ? statSync(file, OPTIONS) : lstatSync(file, OPTIONS);
    return stats && toFileStat(stats);
  } catch (error) {
    if (errnoCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Whether C takes the path as it is: ASCII, and no NUL that would cut it short. */
function isPlain(path: string): boolean {
  for (let i = 0; i < path.length; i++) {
    const code = path.charCodeAt(i);
    if (code === 0 || code > 0x7f) return false;
  }
  return true;
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
