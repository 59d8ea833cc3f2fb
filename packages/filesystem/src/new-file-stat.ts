import type { FileStat } from './file-stat.ts';
import { fstat } from './stat.ts';

/** How long one look speaks for the files made after it, in milliseconds. */
const VALID_MS = 1000;

let seen: { directory: string; mode: number; since: number; stat: FileStat } | undefined;

/**
 * Mode, owner and group of a file that was just made in `directory` with `mode`. All files made there
 * get the same ones, so that one fstat(2) serves many small files. Its times are unknown (NaN).
 */
export function newFileStat(fd: number, directory: string, mode: number): FileStat {
  const now = performance.now();
  if (seen?.directory === directory && seen.mode === mode && now - seen.since < VALID_MS) {
    return seen.stat;
  }
  const stat = { ...fstat(fd), mtime: Number.NaN };
  seen = { directory, mode, since: now, stat };
  return stat;
}

/** Owner, group or mode of some path was changed, perhaps of a directory: files made there may get others. */
export function forgetNewFiles(): void {
  seen = undefined;
}
