import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of the real rsync. Tests against it are worth nothing when they are skipped unseen. */
export function findRsync(): string {
  return findProgram('rsync', 'rsync');
}

/**
 * Path of a program in PATH or the usual system directories.
 *
 * @throws Error that says how to install it
 */
export function findProgram(name: string, debianPackage: string): string {
  const directories = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/bin',
    '/bin',
  ];
  for (const directory of directories) {
    if (directory === '') continue;
    const path = join(directory, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here: try the next directory.
    }
  }
  throw new Error(`${name} is not installed: apt-get install ${debianPackage}`);
}
