import { removeFile, renamePath } from './directory.ts';
import { errnoCode } from './errno.ts';
import { baseName, directoryName, joinPath } from './paths.ts';
import { temporaryName } from './temporary-name.ts';

let counter = 0;

/**
 * Make something under a temporary name (with a number, docs/spec/data.md §9.2) and rename it over
 * `path`, so that there is no moment without it.
 */
export function replaceAtomically(path: string, make: (at: string) => void): void {
  const temporary = makeUnderFreeName(path, make);
  try {
    renamePath(temporary, path);
  } catch (error) {
    removeFile(temporary);
    throw error;
  }
  // Renaming one hard link of a file over another is defined to do nothing and leaves both names.
  try {
    removeFile(temporary);
  } catch (error) {
    if (errnoCode(error) !== 'ENOENT') throw error;
  }
}

function makeUnderFreeName(path: string, make: (at: string) => void): string {
  for (;;) {
    const name = temporaryName(baseName(path), String(counter++), false);
    const temporary = joinPath(directoryName(path), name);
    try {
      make(temporary);
      return temporary;
    } catch (error) {
      if (errnoCode(error) !== 'EEXIST') throw error;
    }
  }
}
