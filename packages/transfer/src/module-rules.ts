import { ConfinedRoot } from '@deltawire/filesystem';
import type { DaemonContext } from './jobs.ts';

/** Whether a path here is hidden from the peer: as if it did not exist, and not to be written. */
export type IsHidden = (path: string, isDirectory: boolean) => boolean;

/**
 * What a daemon's own rules hide (docs/spec/data.md §12.7); undefined when they hide nothing. They
 * are about paths inside the module, whatever part of it is transferred. A path outside the module
 * is hidden.
 */
export function hiddenByModule(daemon: DaemonContext | undefined): IsHidden | undefined {
  if (daemon === undefined || daemon.filter.empty) return undefined;
  const { filter, moduleRoot } = daemon;
  return (path, isDirectory) => {
    const name = nameInModule(path, moduleRoot);
    if (name === undefined) return true;
    return name !== '' && filter.excluded(name, isDirectory);
  };
}

/** Without a chroot it is up to us that no link leads out of a module, unless it may (`insecure links`). */
export function confinedTo(
  daemon: DaemonContext | undefined,
): ((path: string, followLast: boolean) => void) | undefined {
  if (daemon === undefined) return undefined;
  if (daemon.insecureLinks === true) return () => {};
  const root = new ConfinedRoot(daemon.moduleRoot);
  return (path, followLast) => root.check(path, followLast);
}

/** The path inside the module, without redundant parts; empty for the module itself. */
export function nameInModule(path: string, moduleRoot: string): string | undefined {
  const root = moduleRoot.replace(/\/+$/, '');
  if (path !== root && !path.startsWith(`${root}/`)) return undefined;
  const parts = path.slice(root.length).split('/');
  return parts.filter((part) => part !== '' && part !== '.').join('/');
}

/**
 * A path as a daemon's messages show it: relative to the module, with a leading slash where rsync
 * would have entered a directory of the module (the directory part of an argument) before it came
 * to that name.
 */
export function showInModule(path: string, daemon: DaemonContext, args: readonly string[]): string {
  const name = nameInModule(path, daemon.moduleRoot) ?? path;
  // A directory that has been entered.
  if (path.endsWith('/.') && name !== '') return `"/${name}/." (in ${daemon.moduleName})`;
  const entered = args.some((arg) => {
    const directory = arg.slice(0, Math.max(0, arg.lastIndexOf('/')));
    return directory !== '' && name.startsWith(`${directory}/`);
  });
  return `"${entered ? '/' : ''}${name || '.'}" (in ${daemon.moduleName})`;
}

/**
 * A path as a daemon takes it: from the module's root, which `..` does not leave. The result is a
 * name inside the module, `.` for the module itself.
 */
export function clipToModule(path: string): string {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return kept.join('/') || '.';
}
