import { joinPath } from '@deltawire/filesystem';
import type { FileEntry } from '@deltawire/protocol';

/** The local directory that the names of some entries are relative to: one per source argument. */
export interface SourceRoot {
  /** `''` (the working directory) or a path that ends with a slash. */
  readonly prefix: string;
}

/** Where an entry lives on disk. */
export function localPath(root: SourceRoot, entry: Pick<FileEntry, 'name'>): string {
  return localPathOfName(root, entry.name);
}

/** Where a name lives on disk. */
export function localPathOfName(root: SourceRoot, name: string): string {
  if (name === '.' || name === '') return root.prefix === '' ? '.' : root.prefix;
  // With --relative the name of an absolute argument has its own slash.
  return name.startsWith('/') ? name : root.prefix === '' ? name : joinPath(root.prefix, name);
}
