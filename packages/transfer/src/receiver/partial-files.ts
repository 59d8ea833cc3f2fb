import {
  baseName,
  copyContents,
  DestinationRoot,
  directoryName,
  errnoCode,
  joinPath,
  lstat,
  makeDirectory,
  removeDirectory,
  removeFile,
  renamePath,
  TemporaryFile,
} from '@deltawire/filesystem';
import { BasisType, type FileEntry } from '@deltawire/protocol';
import type { Session } from '../session.ts';
import type { Destination } from './destination.ts';
import type { Basis } from './state.ts';

/**
 * The files of `--partial-dir`: what an earlier run left unfinished, and with `--delay-updates` what
 * waits for its turn (docs/spec/data.md §9.4).
 */
export class PartialFiles {
  readonly #destination: Destination;
  readonly #directory: string;
  /** Of an absolute directory, which takes the files of all others. */
  readonly #common: DestinationRoot | undefined;
  readonly #session: Session;

  private constructor(session: Session, destination: Destination, directory: string) {
    this.#session = session;
    this.#destination = destination;
    this.#directory = directory;
    this.#common = directory.startsWith('/')
      ? new DestinationRoot(directory, { confine: true })
      : undefined;
  }

  /** undefined without `--partial-dir` (and `--delay-updates`). */
  static open(session: Session, destination: Destination): PartialFiles | undefined {
    const { partialDir, inplace } = session.options;
    if (partialDir === undefined || inplace) return undefined;
    return new PartialFiles(session, destination, partialDir);
  }

  /** Where the entry's file is kept. Throws when that leads through a symlink. */
  pathOf(entry: FileEntry): string {
    const name = this.#destination.nameOf(entry);
    const base = baseName(name);
    if (this.#common !== undefined) {
      this.#session.checkOption(this.#common.path, true);
      return this.#common.resolve(base);
    }
    return this.#destination.root.resolve(
      joinPath(joinPath(directoryName(name), this.#directory), base),
    );
  }

  /** What is left of an earlier attempt. */
  find(entry: FileEntry): Basis | undefined {
    try {
      const path = this.pathOf(entry);
      const found = lstat(path);
      if (found?.type !== 'file') return undefined;
      return { path, stat: found, type: BasisType.PARTIAL_DIR };
    } catch {
      return undefined; // what cannot be looked at is of no use
    }
  }

  /** The same path, in a directory that exists. Throws when it cannot be made. */
  prepare(entry: FileEntry): string {
    const path = this.pathOf(entry);
    const directory = directoryName(path);
    const found = lstat(directory);
    if (found?.type === 'directory') return path;
    if (found !== undefined) removeFile(directory);
    makeDirectory(directory, 0o700);
    return path;
  }

  /** The entry is in place: nothing of it is kept any more. Never throws. */
  discard(entry: FileEntry): void {
    try {
      const path = this.pathOf(entry);
      removeFile(path);
      this.#removeIfEmpty(path);
    } catch {
      // There is none, or it cannot be removed: the next run looks at it again.
    }
  }

  /** Give a kept file its real name. Throws errno errors; both files stay then. */
  moveIntoPlace(entry: FileEntry, target: string): void {
    const path = this.pathOf(entry);
    try {
      renamePath(path, target);
    } catch (error) {
      if (errnoCode(error) !== 'EXDEV') throw error;
      copyIntoPlace(path, target);
    }
    this.#removeIfEmpty(path);
  }

  #removeIfEmpty(path: string): void {
    if (this.#common !== undefined) return;
    try {
      removeDirectory(directoryName(path));
    } catch {
      // It has other files.
    }
  }
}

/** A rename between file systems: a copy, complete before it has its name. */
function copyIntoPlace(path: string, target: string): void {
  const found = lstat(path);
  if (found === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT', errno: -2 });
  const { mode, uid, gid, mtime, mtimeNs } = found;
  using copy = TemporaryFile.create(target, { mode: 0o600 });
  copyContents(path, copy.path);
  copy.apply({ mode: mode & 0o7777, uid, gid, mtime, mtimeNs }, () => {});
  copy.commit();
  removeFile(path);
}
