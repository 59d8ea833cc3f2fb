import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { fsPath } from './paths.ts';

/**
 * Open a file for reading. With `followLink: false` a symlink as last component fails (ELOOP). Never
 * blocks on a fifo that has no writer. `noAtime` leaves the access time alone where the system can;
 * it fails (EPERM) for files of others.
 */
export function openForReading(
  path: string,
  options?: { followLink?: boolean; noAtime?: boolean },
): number {
  const noFollow = options?.followLink === false ? constants.O_NOFOLLOW : 0;
  const noAtime = options?.noAtime === true ? O_NOATIME : 0;
  return openSync(fsPath(path), constants.O_RDONLY | constants.O_NONBLOCK | noFollow | noAtime);
}

/** Linux alone has it. */
const O_NOATIME = (constants as { readonly O_NOATIME?: number }).O_NOATIME ?? 0;

/**
 * Open an existing or new file for writing in place, as `--inplace` does; a symlink as last component
 * fails (ELOOP). `mode` is for a new file.
 */
export function openForWriting(path: string, mode = 0o600): number {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW;
  return openSync(fsPath(path), flags, mode);
}

/** Whether this process may read a file, or list a directory. */
export function isReadable(path: string): boolean {
  try {
    accessSync(fsPath(path), constants.R_OK);
    return true;
  } catch {
    // Whatever the reason: it cannot be read.
    return false;
  }
}

/** Close a descriptor. */
export function closeFile(fd: number): void {
  closeSync(fd);
}

/**
 * Positioned reads from a descriptor that stays the caller's: fills as much of `target` as the file
 * has, returns the bytes read, 0 at the end.
 */
export function readAt(fd: number): (target: Uint8Array, position: number) => number {
  return (target, position) => {
    let filled = 0;
    while (filled < target.length) {
      const read = readSync(fd, target, filled, target.length - filled, position + filled);
      if (read === 0) break;
      filled += read;
    }
    return filled;
  };
}

/** Write all of `bytes` at `position` of the file, however many calls that takes. */
export function writeAt(fd: number, bytes: Uint8Array, position: number): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(fd, bytes, written, bytes.length - written, position + written);
  }
}

/** Wait until what was written to an open file is on the disk. */
export function syncFile(fd: number): void {
  fsyncSync(fd);
}

/** Cut (or extend with zeros) an open file to `length` bytes. */
export function truncateFile(fd: number, length: number): void {
  ftruncateSync(fd, length);
}
