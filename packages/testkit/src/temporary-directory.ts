import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory that goes away with the scope that made it: `using dir = temporaryDirectory()`. */
export interface TemporaryDirectory extends Disposable, AsyncDisposable {
  /** Absolute path without symlinks. */
  readonly path: string;
  /** A path inside. */
  join(...names: string[]): string;
  /** Remove it now. */
  remove(): void;
}

/** Make an empty directory in the system's place for temporary files. */
export function temporaryDirectory(prefix: string = 'deltawire-'): TemporaryDirectory {
  const path = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
  const remove = (): void => rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  return {
    path,
    join: (...names) => join(path, ...names),
    remove,
    [Symbol.dispose]: remove,
    [Symbol.asyncDispose]: async () => remove(),
  };
}
