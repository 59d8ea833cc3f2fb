import {
  absolutePath,
  closeFile,
  errnoCode,
  fstat,
  joinPath,
  openForReading,
  readAt,
} from '@deltawire/filesystem';
import { nameInModule } from './module-rules.ts';
import type { Session } from './session.ts';

/** Largest per-directory filter file that is read, bytes. */
const MAX_RULE_FILE_BYTES = 16 * 1024 * 1024;

/** The path of a transfer's root as filter rules know it: a daemon's module is their `/`. */
export function ruleRoot({ moduleRoot }: Session, root: string): string {
  const path = absolutePath(root);
  return `/${nameInModule(path, moduleRoot) ?? path}`;
}

/**
 * A per-directory filter file below `root`; undefined when there is none, or none that may be read. Throws
 * errno errors.
 */
export function readMergeFile(
  session: Session,
  root: string,
  path: string,
): Uint8Array | undefined {
  const file = path.startsWith('/') ? path : joinPath(root, path);
  session.checkPath(file, true);
  return readSmallFile(file, () => isAllowed(session, file));
}

/** Why not has been said. */
function isAllowed(session: Session, file: string): boolean {
  try {
    session.checkOption(file, true);
    return true;
  } catch {
    return false;
  }
}

/**
 * A whole small file; undefined when it does not exist, or when `allows` says no about one that does. Throws
 * errno errors.
 */
export function readSmallFile(path: string, allows = (): boolean => true): Uint8Array | undefined {
  let fd: number;
  try {
    fd = openForReading(path);
  } catch (error) {
    if (errnoCode(error) === 'ENOENT' || errnoCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
  try {
    if (!allows()) return undefined;
    const { size, type } = fstat(fd);
    if (type === 'directory') return undefined;
    const bytes = new Uint8Array(Math.min(size, MAX_RULE_FILE_BYTES));
    const read = readAt(fd);
    let length = 0;
    while (length < bytes.length) {
      const count = read(bytes.subarray(length), length);
      if (count === 0) break;
      length += count;
    }
    return bytes.subarray(0, length);
  } finally {
    closeFile(fd);
  }
}
