import { linkSync, symlinkSync } from 'node:fs';
import { fsPath } from './paths.ts';
import { replaceAtomically } from './replace.ts';

/** How something that has no content gets its name. */
export interface CreateOptions {
  /** Replace a non-directory that has the name: made under a temporary name, then renamed. */
  readonly replace?: boolean;
}

/** Give an existing file (or symlink, where the system can link those) a second name. */
export function createHardLink(existing: string, path: string, options?: CreateOptions): void {
  const make = (at: string): void => linkSync(fsPath(existing), fsPath(at));
  if (options?.replace) replaceAtomically(path, make);
  else make(path);
}

/** Make a symlink whose text is `target`, byte for byte. */
export function createSymlink(target: string, path: string, options?: CreateOptions): void {
  const make = (at: string): void => symlinkSync(fsPath(target), fsPath(at));
  if (options?.replace) replaceAtomically(path, make);
  else make(path);
}
