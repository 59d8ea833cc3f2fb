import {
  closeFile,
  errnoCode,
  fstat,
  joinPath,
  openForReading,
  readAt,
} from '@deltawire/filesystem';

/** Largest per-directory filter file that is read, bytes. */
const MAX_RULE_FILE_BYTES = 16 * 1024 * 1024;

/**
 * A per-directory filter file below `root`; undefined when there is none. Throws errno errors, and what
 * `checkPath` throws for a file that must not be read.
 */
export function readMergeFile(
  root: string,
  path: string,
  checkPath: (path: string, followLast: boolean) => void,
): Uint8Array | undefined {
  const file = path.startsWith('/') ? path : joinPath(root, path);
  checkPath(file, true);
  return readSmallFile(file);
}

/** A whole small file; undefined when it does not exist. Throws errno errors. */
export function readSmallFile(path: string): Uint8Array | undefined {
  let fd: number;
  try {
    fd = openForReading(path);
  } catch (error) {
    if (errnoCode(error) === 'ENOENT' || errnoCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
  try {
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
