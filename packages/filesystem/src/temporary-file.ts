import { closeSync, constants, openSync } from 'node:fs';
import {
  type AttributeErrorHandler,
  applyAttributesToOpenFile,
  type WantedAttributes,
} from './attributes.ts';
import { copyContents } from './copy.ts';
import { removeFile, renamePath } from './directory.ts';
import { errnoCode } from './errno.ts';
import type { FileStat } from './file-stat.ts';
import { newFileStat } from './new-file-stat.ts';
import { writeAt } from './open.ts';
import { baseName, directoryName, fsPath, joinPath } from './paths.ts';
import { fstat } from './stat.ts';
import { randomSuffix, temporaryName } from './temporary-name.ts';

/** Paths of the temporary files that exist now: what a signal handler has to clean up. */
const live = new Set<string>();

/** Remove every temporary file that was neither committed nor discarded. Never throws. */
export function removeLiveTemporaryFiles(): void {
  for (const path of live) removeQuietly(path);
  live.clear();
}

interface Made {
  readonly fd: number;
  readonly path: string;
  readonly destination: string;
  readonly directory: string;
  readonly mode: number;
}

/** Where and how a temporary file is made. */
export interface TemporaryFileOptions {
  /** Directory to build files in instead of the destination's own. */
  readonly tempDir?: string | undefined;
  /** Permission bits while it is being written; cut to `(mode | 0200) & 0700`. @default 0600 */
  readonly mode?: number;
}

/**
 * A file that is built under a temporary name and takes its real name only when complete
 * (docs/spec/data.md §9.2, §9.5). Use it with `using`, or call `commit` or `discard`.
 *
 *     using file = TemporaryFile.create(destination);
 *     file.write(bytes, 0);
 *     file.apply({ mtime, mtimeNs, mode }, onError);
 *     file.commit();
 */
export class TemporaryFile implements Disposable {
  /** Open for reading and writing until committed or discarded. */
  readonly fd: number;
  readonly path: string;
  readonly #destination: string;
  readonly #directory: string;
  readonly #mode: number;
  #open = true;
  #named = true;
  #wanted: WantedAttributes = {};
  #onError: AttributeErrorHandler = () => {};

  private constructor(made: Made) {
    this.fd = made.fd;
    this.path = made.path;
    this.#destination = made.destination;
    this.#directory = made.directory;
    this.#mode = made.mode;
    live.add(made.path);
  }

  /** Create it exclusively. Throws the system's error, whose `path` is the temporary one. */
  static create(destination: string, options: TemporaryFileOptions = {}): TemporaryFile {
    const { tempDir } = options;
    const mode = ((options.mode ?? 0o600) | 0o200) & 0o700;
    const directory = tempDir ?? directoryName(destination);
    const name = baseName(destination);
    for (let attempt = 1; ; attempt++) {
      const temporary = temporaryName(name, randomSuffix(), tempDir !== undefined);
      const path = joinPath(directory, temporary);
      try {
        const fd = openSync(fsPath(path), CREATE, mode);
        return new TemporaryFile({ fd, path, destination, directory, mode });
      } catch (error) {
        if (errnoCode(error) !== 'EEXIST' || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  /** Write all of `bytes` at `position`. */
  write(bytes: Uint8Array, position: number): void {
    writeAt(this.fd, bytes, position);
  }

  stat(): FileStat {
    return fstat(this.fd);
  }

  /** Set the attributes the finished file is to have; call it after the last write. */
  apply(wanted: WantedAttributes, onError: AttributeErrorHandler): void {
    this.#wanted = wanted;
    this.#onError = onError;
    const made = newFileStat(this.fd, this.#directory, this.#mode);
    applyAttributesToOpenFile(this.fd, wanted, made, onError);
  }

  /**
   * Close it and give it its real name, replacing what is there. On another file system it is copied
   * to a second temporary file beside the destination first. When this throws, the file is still
   * there: discard it.
   */
  commit(destination: string = this.#destination): void {
    this.#close();
    try {
      renamePath(this.path, destination);
    } catch (error) {
      if (errnoCode(error) !== 'EXDEV') throw error;
      this.#copyAndRename(destination);
      removeQuietly(this.path);
    }
    this.#named = false;
    live.delete(this.path);
  }

  /** Close and remove it; does nothing after `commit`. */
  discard(): void {
    if (!this.#named) return;
    this.#named = false;
    try {
      this.#close();
    } finally {
      removeQuietly(this.path);
      live.delete(this.path);
    }
  }

  [Symbol.dispose](): void {
    this.discard();
  }

  #close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.fd);
  }

  #copyAndRename(destination: string): void {
    using copy = TemporaryFile.create(destination, { mode: 0o600 });
    copyContents(this.path, copy.path);
    copy.apply(this.#wanted, this.#onError);
    copy.commit();
  }
}

const CREATE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const MAX_ATTEMPTS = 100;

function removeQuietly(path: string): void {
  try {
    removeFile(path);
  } catch {
    // Gone already, or its directory became read-only: nothing better can be done with it.
  }
}
