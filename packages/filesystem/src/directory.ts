import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs';
import { errnoCode } from './errno.ts';
import { directoryName, fsPath } from './paths.ts';
import { stat } from './stat.ts';

/** Names in a directory in the order the system gives them, without `.` and `..`. */
export function readDirectory(path: string): string[] {
  return readdirSync(fsPath(path === '' ? '.' : path), 'latin1');
}

/** Throws unless names in the directory can be looked up: reading it takes another permission. */
export function checkSearchable(path: string): void {
  accessSync(fsPath(path === '' ? '.' : path), constants.X_OK);
}

/** The target of a symlink. */
export function readLink(path: string): string {
  return readlinkSync(fsPath(path), 'latin1');
}

/** Make one directory; the umask applies to `mode`. */
export function makeDirectory(path: string, mode: number): void {
  mkdirSync(fsPath(path), mode);
}

/** Make a directory and whatever is missing above it; returns the paths made, outermost first. */
export function makeDirectories(path: string, mode = 0o777): string[] {
  const missing: string[] = [];
  for (let at = path; at !== '' && stat(at) === undefined; at = directoryName(at)) {
    missing.push(at);
    if (at === '/') break;
  }
  missing.reverse();
  return missing.filter((at) => {
    try {
      makeDirectory(at, mode);
      return true;
    } catch (error) {
      // Made by somebody else meanwhile, or a spelling like `a/.` of one already made.
      if (errnoCode(error) === 'EEXIST') return false;
      throw error;
    }
  });
}

/** Remove an empty directory. */
export function removeDirectory(path: string): void {
  rmdirSync(fsPath(path));
}

/** Remove anything but a directory. */
export function removeFile(path: string): void {
  unlinkSync(fsPath(path));
}

/** Give a file another name, replacing what was there. */
export function renamePath(from: string, to: string): void {
  renameSync(fsPath(from), fsPath(to));
}
