import { readDirectory, removeDirectory, removeFile } from './directory.ts';
import { joinPath } from './paths.ts';
import { lstat } from './stat.ts';

/**
 * Remove a file or a whole directory, never following a link. A missing path is fine. Depth is
 * bounded by memory, not by the call stack. Throws the first error and leaves the rest.
 */
export function removeTree(path: string): void {
  const top = lstat(path);
  if (top === undefined) return;
  if (top.type !== 'directory') {
    removeFile(path);
    return;
  }
  const directories = [path];
  // Every directory is listed behind its parent, so the reverse order removes children first.
  for (let i = 0; i < directories.length; i++) {
    const directory = directories[i]!;
    for (const name of readDirectory(directory)) {
      const item = joinPath(directory, name);
      if (lstat(item)?.type === 'directory') directories.push(item);
      else removeFile(item);
    }
  }
  for (const directory of directories.reverse()) removeDirectory(directory);
}
