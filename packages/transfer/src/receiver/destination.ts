import {
  absolutePath,
  baseName,
  DestinationRoot,
  directoryName,
  errnoText,
  lstat,
  makeDirectory,
  stat,
} from '@deltawire/filesystem';
import { ExitCode, type FileEntry, RsyncError } from '@deltawire/protocol';
import type { Session } from '../session.ts';
import { isDirectory } from './kinds.ts';

/** Where entries go: a directory, or one path for the only entry (docs/spec/data.md §8.5). */
export interface Destination {
  readonly root: DestinationRoot;
  /** Name of the entry below `root`: its own, or the one the user gave for a single item. */
  nameOf(entry: FileEntry): string;
  /** The root does not exist because this is a dry run. */
  readonly missing: boolean;
}

/**
 * Resolve the destination argument against what the sender offers: an existing directory is
 * entered, a missing one is created when several items (or a trailing slash) need it, and
 * otherwise the argument names the single item itself.
 */
export function openDestination(
  session: Session,
  argument: string,
  first: readonly FileEntry[],
  total: number,
): Destination {
  const { options } = session;
  const path = argument === '' ? '.' : argument;
  const inside = (missing: boolean): Destination => ({
    root: new DestinationRoot(path, { followDirlinks: options.keepDirlinks, confine: true }),
    nameOf: (entry) => entry.name,
    missing,
  });
  if (total === 0 || options.listOnly) return inside(false);
  const trailingSlash = path.endsWith('/');
  const single = total === 1 && !trailingSlash;
  if (options.mkpath) makeParents(session, path, total > 1 || trailingSlash);
  const found = statDestination(path);
  if (found !== undefined && found.type === 'directory') return inside(false);
  if (found !== undefined) {
    if (total > 1) {
      throw selection('ERROR: destination must be a directory when copying more than 1 file');
    }
    if (first[0] !== undefined && isDirectory(first[0].mode)) {
      throw selection('ERROR: cannot overwrite non-directory with a directory');
    }
  }
  if (found === undefined && !single) {
    if (!options.dryRun) createRoot(path);
    const shown = path.replace(/\/+$/, '');
    if (session.info('name') > 0 || options.itemize > 0 || options.verbose > 0) {
      session.say(`created directory ${shown}\n`);
    }
    return inside(options.dryRun);
  }
  if (first[0]?.name === '.') {
    if (found === undefined && !options.dryRun) createRoot(path);
    return inside(options.dryRun && found === undefined);
  }
  const parent = directoryName(path) || (path.startsWith('/') ? '/' : '.');
  if (stat(parent) === undefined && !options.dryRun) {
    const reason = Object.assign(new Error('ENOENT'), { code: 'ENOENT', errno: -2 });
    const shown = absolutePath(parent);
    throw selection(`rsync: [Receiver] change_dir#3 "${shown}" failed: ${errnoText(reason)}`);
  }
  const own = baseName(path);
  return {
    root: new DestinationRoot(parent, { followDirlinks: options.keepDirlinks, confine: true }),
    nameOf: (entry) => (entry === first[0] ? own : entry.name),
    missing: false,
  };
}

function statDestination(path: string): ReturnType<typeof stat> {
  try {
    return stat(path) ?? (path.endsWith('/') ? undefined : lstat(path));
  } catch (error) {
    throw selection(`rsync: [Receiver] cannot stat destination "${path}": ${errnoText(error)}`);
  }
}

function createRoot(path: string): void {
  try {
    makeDirectory(path.replace(/(?!^)\/+$/, ''), 0o777 & ~process.umask());
  } catch (error) {
    throw new RsyncError(`rsync: [Receiver] mkdir "${path}" failed: ${errnoText(error)}`, {
      code: 'MKDIR_FAILED',
      exitCode: ExitCode.FILE_IO,
      cause: error,
    });
  }
}

/** `--mkpath`: create the missing directories that lead to the destination. */
function makeParents(session: Session, path: string, whole: boolean): void {
  const target = whole ? path.replace(/(?!^)\/+$/, '') : directoryName(path);
  if (target === '') return;
  const missing: string[] = [];
  for (let at = target; at !== '' && at !== '/' && stat(at) === undefined; ) {
    missing.unshift(at);
    at = directoryName(at);
  }
  if (missing.length === 0) return;
  if (!session.options.dryRun) for (const directory of missing) createRoot(directory);
  const count = missing.length;
  if (session.options.verbose > 0 || session.options.itemize > 0) {
    session.say(
      count === 1
        ? `created directory ${target}\n`
        : `created ${count} directories for ${target}\n`,
    );
  }
}

function selection(message: string): RsyncError {
  return new RsyncError(message, { code: 'BAD_DESTINATION', exitCode: ExitCode.FILE_SELECT });
}
