import { constants, copyFileSync } from 'node:fs';
import { fsPath } from './paths.ts';

/**
 * Copy the bytes of a regular file over another path: shared blocks where the file system can
 * (reflink), else inside the kernel. The permission bits are copied too.
 */
export function copyContents(source: string, destination: string): void {
  copyFileSync(fsPath(source), fsPath(destination), constants.COPYFILE_FICLONE);
}
