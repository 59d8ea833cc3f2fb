import { realpathSync } from 'node:fs';
import { fsPath } from './paths.ts';
import { lstat, stat } from './stat.ts';

/** A name would lead through a symlink, or out of its tree. */
export class UnsafePathError extends Error {
  readonly code = 'UNSAFE_PATH';
  /** Local path of the component that must not be passed. */
  readonly path: string;

  constructor(path: string, reason: string) {
    super(`${reason}: ${path}`);
    this.name = 'UnsafePathError';
    this.path = path;
  }
}

/** How strictly names below a root are taken. */
export interface DestinationRootOptions {
  /** Pass symlinks that lead to directories, as `--keep-dirlinks` asks. @default false */
  readonly followDirlinks?: boolean;
  /** Links that are passed must stay below the root: for a daemon's module. @default false */
  readonly confine?: boolean;
}

/**
 * The directory a transfer may change, and nothing else. Names come from the peer, so before anything
 * is done in a directory each of its components below the root is looked at once: a symlink planted
 * there must not lead the transfer out. The last directory that was checked is remembered; a name in
 * the same or a neighbouring directory costs nothing or one lstat.
 */
export class DestinationRoot {
  readonly path: string;
  readonly #prefix: string;
  readonly #followDirlinks: boolean;
  readonly #confine: boolean;
  /** The last directory found safe, with a slash behind it. */
  #checked = '';
  #realRoot: string | undefined;

  /** `path` is given by the user and may itself be or contain symlinks; `''` is the working directory. */
  constructor(path: string, options: DestinationRootOptions = {}) {
    this.path = path;
    this.#prefix = path === '' || path.endsWith('/') ? path : `${path}/`;
    this.#followDirlinks = options.followDirlinks ?? false;
    this.#confine = options.confine ?? false;
  }

  /** The local path of a name, unchecked: for messages and for names known to be safe. */
  pathOf(name: string): string {
    if (name === '.' || name === '') return this.path === '' ? '.' : this.path;
    return this.#prefix + name;
  }

  /**
   * The local path of a name whose directory has been checked. The last component is not looked at, and
   * a missing directory is fine: using it will fail. Throws `UnsafePathError`.
   */
  resolve(name: string): string {
    const end = name.lastIndexOf('/') + 1;
    if (end > 0 && name.slice(0, end) !== this.#checked) this.#check(name.slice(0, end));
    if (name === '..' || name.endsWith('/..')) throw this.#unsafe(name, 'path leaves its tree');
    return this.pathOf(name);
  }

  /** Call after a directory was removed, renamed or replaced. */
  forget(): void {
    this.#checked = '';
  }

  /** `directory` ends with a slash. */
  #check(directory: string): void {
    if (directory.startsWith('/')) throw this.#unsafe(directory, 'path is absolute');
    let start = 0;
    for (let slash = directory.indexOf('/'); slash >= 0; slash = directory.indexOf('/', start)) {
      const component = directory.slice(start, slash);
      start = slash + 1;
      if (component === '..') throw this.#unsafe(directory, 'path leaves its tree');
      if (this.#checked.startsWith(directory.slice(0, start))) continue;
      if (component === '.' || component === '') continue;
      // What is missing now may be a planted link later, so it is not remembered as safe.
      if (!this.#checkComponent(directory.slice(0, slash))) return;
    }
    this.#checked = directory;
  }

  /** False when it does not exist. */
  #checkComponent(name: string): boolean {
    const path = this.pathOf(name);
    const found = lstat(path);
    if (found === undefined) return false;
    if (found.type !== 'symlink') return true;
    if (!this.#followDirlinks || stat(path)?.type !== 'directory') {
      throw this.#unsafe(name, 'path leads through a symlink');
    }
    if (this.#confine && !this.#isInside(path)) {
      throw this.#unsafe(name, 'symlink leads out of the tree');
    }
    return true;
  }

  #isInside(path: string): boolean {
    this.#realRoot ??= realPath(this.pathOf('.'));
    const real = realPath(path);
    const root = this.#realRoot === '/' ? '/' : `${this.#realRoot}/`;
    return real === this.#realRoot || real.startsWith(root);
  }

  #unsafe(name: string, reason: string): UnsafePathError {
    return new UnsafePathError(this.pathOf(name), reason);
  }
}

function realPath(path: string): string {
  return realpathSync.native(fsPath(path), 'latin1' as BufferEncoding);
}
