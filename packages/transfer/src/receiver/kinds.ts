import type { FileStat } from '@deltawire/filesystem';

const S_IFMT = 0o170000;

/** The permission, set-id and sticky bits of a mode. */
export const PERMISSION_BITS = 0o7777;

export const isRegular = (mode: number): boolean => (mode & S_IFMT) === 0o100000;
export const isDirectory = (mode: number): boolean => (mode & S_IFMT) === 0o040000;
export const isSymlink = (mode: number): boolean => (mode & S_IFMT) === 0o120000;
export const isDevice = (mode: number): boolean =>
  (mode & S_IFMT) === 0o020000 || (mode & S_IFMT) === 0o060000;
export const isSpecial = (mode: number): boolean =>
  (mode & S_IFMT) === 0o010000 || (mode & S_IFMT) === 0o140000;

/** Whether two modes describe the same type of item. */
export const sameKind = (a: number, b: number): boolean => (a & S_IFMT) === (b & S_IFMT);

/** Node type for a device or special. */
export function nodeType(
  mode: number,
): Exclude<FileStat['type'], 'file' | 'directory' | 'symlink'> {
  switch (mode & S_IFMT) {
    case 0o020000:
      return 'char';
    case 0o060000:
      return 'block';
    case 0o010000:
      return 'fifo';
    default:
      return 'socket';
  }
}

/** Directory part of a name inside the transfer; empty for the top. */
export function parentOf(name: string): string {
  const slash = name.lastIndexOf('/');
  return slash < 0 ? '' : name.slice(0, slash);
}
