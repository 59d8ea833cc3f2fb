import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  futimesSync,
  lchownSync,
  lutimesSync,
  openSync,
  utimesSync,
} from 'node:fs';
import type { FileStat } from './file-stat.ts';
import { type NativeTimes, nativeCalls, UTIME_OMIT } from './native.ts';
import { forgetNewFiles } from './new-file-stat.ts';
import { fsPath } from './paths.ts';

/** Attributes to set; a member that is missing or undefined is left alone. */
export interface WantedAttributes {
  /** Permission bits; anything beyond 07777 is ignored. */
  mode?: number | undefined;
  uid?: number | undefined;
  gid?: number | undefined;
  /** Seconds since 1970. */
  mtime?: number | undefined;
  /** Nanoseconds within the second. @default 0 */
  mtimeNs?: number | undefined;
  atime?: number | undefined;
  atimeNs?: number | undefined;
  /**
   * Called when the owner is set, with the path or descriptor: for what a change of owner takes away.
   */
  afterOwner?: ((target: string | number) => void) | undefined;
  /**
   * Called before the mode is set, with the path or descriptor: for what goes with it. Returns whether
   * that changed the mode.
   */
  beforeMode?: ((target: string | number) => boolean) | undefined;
}

/** Bits that tell which attributes were set. */
export const AttributeChange = { OWNER: 1, GROUP: 2, TIMES: 4, MODE: 8 } as const;

/** The attribute whose system call failed. */
export type AttributePart = 'owner' | 'group' | 'times' | 'mode';

/** Told about each attribute that could not be set; behind a failure to set the owner nothing is tried. */
export type AttributeErrorHandler = (part: AttributePart, error: unknown) => void;

/** Where attributes are set: through a path or a descriptor. */
interface Target {
  readonly at: string | number;
  chown(uid: number, gid: number): void;
  utimes(times: NativeTimes, current: FileStat): void;
  chmod(mode: number): void;
}

/**
 * Set what differs from `current` in the order owner, times, mode: changing the owner clears set-id
 * bits, so the mode comes last (docs/spec/data.md §9.5). Never follows a symlink, and never sets a
 * symlink's mode. Returns `AttributeChange` bits.
 */
export function applyAttributes(
  path: string,
  wanted: WantedAttributes,
  current: FileStat,
  onError: AttributeErrorHandler,
): number {
  return apply(
    {
      at: path,
      chown: (uid, gid) => setOwner(path, uid, gid),
      utimes: (times, now) => setPathTimes(path, times, now, false),
      chmod: (mode) => setMode(path, mode),
    },
    wanted,
    current,
    onError,
  );
}

/** The same on an open file, which is cheaper: no path has to be walked. */
export function applyAttributesToOpenFile(
  fd: number,
  wanted: WantedAttributes,
  current: FileStat,
  onError: AttributeErrorHandler,
): number {
  return apply(
    {
      at: fd,
      chown: (uid, gid) => fchownSync(fd, uid, gid),
      utimes: (times, now) => setOpenFileTimes(fd, times, now),
      chmod: (mode) => fchmodSync(fd, mode),
    },
    wanted,
    current,
    onError,
  );
}

function apply(
  target: Target,
  wanted: WantedAttributes,
  current: FileStat,
  onError: AttributeErrorHandler,
): number {
  const owner = applyOwner(target, wanted, current, onError);
  // As in rsync: what belongs to somebody else is left alone, here and below.
  if (owner === undefined) return 0;
  wanted.afterOwner?.(target.at);
  const times = applyTimes(target, wanted, current, onError);
  if (times === undefined) return owner;
  const otherMode = wanted.beforeMode?.(target.at) === true;
  // Giving a file away takes its set-id bits.
  const lostSetId = owner !== 0 && (current.mode & 0o6000) !== 0;
  return owner | times | applyMode(target, wanted, current, lostSetId || otherMode, onError);
}

function applyOwner(
  target: Target,
  wanted: WantedAttributes,
  current: FileStat,
  onError: AttributeErrorHandler,
): number | undefined {
  const uid = wanted.uid === current.uid ? -1 : (wanted.uid ?? -1);
  const gid = wanted.gid === current.gid ? -1 : (wanted.gid ?? -1);
  if (uid < 0 && gid < 0) return 0;
  try {
    target.chown(uid, gid);
    return (uid < 0 ? 0 : AttributeChange.OWNER) | (gid < 0 ? 0 : AttributeChange.GROUP);
  } catch (error) {
    onError(uid < 0 ? 'group' : 'owner', error);
    return undefined;
  }
}

function applyTimes(
  target: Target,
  wanted: WantedAttributes,
  current: FileStat,
  onError: AttributeErrorHandler,
): number | undefined {
  const times = timesToSet(wanted, current);
  if (times === undefined) return 0;
  try {
    target.utimes(times, current);
    return AttributeChange.TIMES;
  } catch (error) {
    onError('times', error);
    return undefined;
  }
}

function applyMode(
  target: Target,
  wanted: WantedAttributes,
  current: FileStat,
  changed: boolean,
  onError: AttributeErrorHandler,
): number {
  const { mode } = wanted;
  if (mode === undefined || current.type === 'symlink') return 0;
  if (!changed && ((mode ^ current.mode) & 0o7777) === 0) return 0;
  try {
    target.chmod(mode & 0o7777);
    return AttributeChange.MODE;
  } catch (error) {
    onError('mode', error);
    return 0;
  }
}

/** Both times as they must become, or undefined when they already are. */
function timesToSet(wanted: WantedAttributes, current: FileStat): NativeTimes | undefined {
  const { mtime, mtimeNs = 0, atime, atimeNs = 0 } = wanted;
  const mtimeDiffers =
    mtime !== undefined && (mtime !== current.mtime || mtimeNs !== current.mtimeNs);
  const atimeDiffers =
    atime !== undefined && (atime !== current.atime || atimeNs !== current.atimeNs);
  if (!mtimeDiffers && !atimeDiffers) return undefined;
  return {
    atime: atimeDiffers ? atime : 0,
    atimeNs: atimeDiffers ? atimeNs : UTIME_OMIT,
    mtime: mtimeDiffers ? mtime : 0,
    mtimeNs: mtimeDiffers ? mtimeNs : UTIME_OMIT,
  };
}

/** Set the modification time, and the access time when given, of a path. */
export function setTimes(
  path: string,
  times: { mtime: number; mtimeNs: number; atime?: number; atimeNs?: number },
  options?: { followLink?: boolean },
): void {
  const { mtime, mtimeNs, atime = 0, atimeNs } = times;
  const exact = {
    mtime,
    mtimeNs,
    atime,
    atimeNs: times.atime === undefined ? UTIME_OMIT : (atimeNs ?? 0),
  };
  setPathTimes(path, exact, undefined, options?.followLink ?? false);
}

/** Change owner and group, -1 keeps; the link itself when the path is one. */
export function setOwner(path: string, uid: number, gid: number): void {
  forgetNewFiles();
  lchownSync(fsPath(path), uid, gid);
}

/**
 * Change permission bits. A symlink that was put in place of the file fails (EOPNOTSUPP) instead of
 * being followed, on Linux with /proc.
 */
export function setMode(path: string, mode: number): void {
  forgetNewFiles();
  if (!canOpenByPath()) {
    chmodSync(fsPath(path), mode);
    return;
  }
  const fd = openSync(fsPath(path), O_PATH_LINUX | constants.O_NOFOLLOW);
  try {
    chmodSync(`/proc/self/fd/${fd}`, mode);
  } finally {
    closeSync(fd);
  }
}

function setPathTimes(
  path: string,
  times: NativeTimes,
  current: FileStat | undefined,
  followLink: boolean,
): void {
  const native = needsNative(times) ? nativeCalls() : undefined;
  if (native) {
    native.utimensat(path, times, followLink);
    return;
  }
  const [atime, mtime] = asSeconds(times, current);
  if (followLink) utimesSync(fsPath(path), atime, mtime);
  else lutimesSync(fsPath(path), atime, mtime);
}

function setOpenFileTimes(fd: number, times: NativeTimes, current: FileStat): void {
  const native = needsNative(times) ? nativeCalls() : undefined;
  if (native) {
    native.futimens(fd, times);
    return;
  }
  const [atime, mtime] = asSeconds(times, current);
  futimesSync(fd, atime, mtime);
}

/** Whether Node's calls, which take doubles, would not be exact. */
function needsNative(times: NativeTimes): boolean {
  return times.atimeNs !== 0 || times.mtimeNs !== 0 || times.atime < 0 || times.mtime < 0;
}

/** Access and modification time for Node's calls; a time to keep is set to what it is. */
function asSeconds(times: NativeTimes, current: FileStat | undefined): [Seconds, Seconds] {
  const keptAtime = current ? toSeconds(current.atime, current.atimeNs) : Date.now() / 1000;
  const keptMtime = current ? toSeconds(current.mtime, current.mtimeNs) : Date.now() / 1000;
  return [
    times.atimeNs === UTIME_OMIT ? keptAtime : toSeconds(times.atime, times.atimeNs),
    times.mtimeNs === UTIME_OMIT ? keptMtime : toSeconds(times.mtime, times.mtimeNs),
  ];
}

type Seconds = number | Date;

/**
 * Floored to microseconds: the nearest double of `….999999999` is the next second, which would make
 * the file look changed for ever. Before 1970 Node takes only dates (milliseconds).
 */
function toSeconds(seconds: number, nanoseconds: number): Seconds {
  if (seconds < 0) return new Date(seconds * 1000 + Math.floor(nanoseconds / 1e6));
  return seconds + Math.floor(nanoseconds / 1000) / 1e6;
}

/** open(2) flag for a descriptor that only names a file: needs no permission to read it. */
const O_PATH_LINUX = 0o10000000;
let hasProc: boolean | undefined;

function canOpenByPath(): boolean {
  hasProc ??= process.platform === 'linux' && existsSync('/proc/self/fd');
  return hasProc;
}
