import {
  baseName,
  DestinationRoot,
  directoryName,
  errnoText,
  joinPath,
  lstat,
  makeDirectory,
  stat,
} from '@deltawire/filesystem';
import { ExitCode, type FileEntry, RsyncError } from '@deltawire/protocol';
import { nameInModule } from '../module-rules.ts';
import type { Session } from '../session.ts';
import { isDirectory } from './kinds.ts';

/** Where entries go: a directory, or one path for the only entry (docs/spec/data.md §8.5). */
export interface Destination {
  readonly root: DestinationRoot;
  /** Name of the entry below `root`: its own, or the one the user gave for a single item. */
  nameOf(entry: FileEntry): string;
  /** The root did not exist before; in a dry run it still does not. */
  readonly created: boolean;
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
  moduleRoot?: string | undefined,
): Destination {
  const { options } = session;
  // In a daemon, nobody needs to know where its module is.
  const named = (path: string): string =>
    moduleRoot === undefined ? path : (nameInModule(path, moduleRoot) ?? path);
  const path = argument === '' ? '.' : argument;
  if (options.listOnly) return inside(session, path, false);
  const trailingSlash = path.endsWith('/');
  // Even for nothing at all there has to be a place.
  const single = total <= 1 && !trailingSlash;
  if (options.mkpath) enter(session, path, 2);
  if (options.mkpath) makeParents(session, path, total > 1 || trailingSlash, named);
  const found = statDestination(session, path);
  if (found?.type === 'directory') {
    enter(session, path, 1);
    return inside(session, path, false);
  }
  if (found !== undefined) {
    if (total > 1) {
      throw selection('ERROR: destination must be a directory when copying more than 1 file');
    }
    if (first[0] !== undefined && isDirectory(first[0].mode)) {
      throw selection('ERROR: cannot overwrite non-directory with a directory');
    }
  } else if (!single || first[0]?.name === '.') {
    enter(session, path, 2);
    if (!options.dryRun) createRoot(session, path);
    if (!single) announce(session, `created directory ${named(withoutSlash(path))}\n`);
    return inside(session, path, true);
  }
  return instead(session, path, first[0]);
}

/** A destination must not lie behind a link of another user, a daemon's behind one out of its module. */
function enter(session: Session, path: string, step: 1 | 2 | 3): void {
  try {
    session.checkOption(path, true, false);
  } catch (error) {
    const shown = step === 1 ? showAsGiven(session, path) : session.showPath(path);
    throw selection(`rsync: [Receiver] change_dir#${step} ${shown} failed: ${errnoText(error)}`);
  }
}

/** Entries go into the directory `path`. */
function inside(session: Session, path: string, created: boolean): Destination {
  const { keepDirlinks, dryRun, listOnly } = session.options;
  // With a slash, a link that the user named stands for its directory.
  return {
    root: new DestinationRoot(path.endsWith('/') ? path : `${path}/`, {
      followDirlinks: keepDirlinks,
      confine: true,
    }),
    nameOf: (entry) => entry.name,
    created,
    missing: created && dryRun && !listOnly,
  };
}

/** The only entry takes the name that the user gave. */
function instead(session: Session, path: string, only: FileEntry | undefined): Destination {
  const { keepDirlinks, dryRun, mkpath } = session.options;
  const parent = directoryName(path) || (path.startsWith('/') ? '/' : '.');
  enter(session, parent, 3);
  const missing = stat(parent) === undefined;
  if (missing && !(dryRun && mkpath)) {
    const reason = Object.assign(new Error('ENOENT'), { code: 'ENOENT', errno: -2 });
    const shown = session.showPath(parent);
    throw selection(`rsync: [Receiver] change_dir#3 ${shown} failed: ${errnoText(reason)}`);
  }
  const own = baseName(path);
  return {
    root: new DestinationRoot(parent, { followDirlinks: keepDirlinks, confine: true }),
    nameOf: (entry) => (entry === only ? own : entry.name),
    created: false,
    missing,
  };
}

/**
 * Where temporary files are made with `--temp-dir`: a relative path lies in the destination.
 * Throws when it is no directory.
 */
export function openTempDirectory(session: Session, destination: Destination): string | undefined {
  const { tempDir } = session.options;
  if (tempDir === undefined) return undefined;
  const path = tempDir.startsWith('/') ? tempDir : joinPath(destination.root.path, tempDir);
  session.checkPath(path, true);
  const found = stat(path);
  if (found?.type === 'directory') return path;
  const what = found === undefined ? 'does not exist' : 'is not a directory';
  throw new RsyncError(`The temp-dir ${what}: ${tempDir}`, {
    code: 'BAD_TEMP_DIR',
    exitCode: ExitCode.SYNTAX,
  });
}

/** The path in quotes, with the slash that it was given with. */
function showAsGiven(session: Session, path: string): string {
  const slash = path.endsWith('/') ? '/"' : '"';
  return session.showPath(path).replace(/"(?= \(in |$)/, slash);
}

function statDestination(session: Session, path: string): ReturnType<typeof stat> {
  let found: ReturnType<typeof stat>;
  try {
    found = stat(path) ?? (path.endsWith('/') ? undefined : lstat(path));
    if (found !== undefined || !path.endsWith('/')) return found;
    if (lstat(withoutSlash(path)) === undefined) return undefined;
    throw Object.assign(new Error('ENOTDIR'), { code: 'ENOTDIR', errno: -20 });
  } catch (error) {
    const shown = showAsGiven(session, path);
    const why = errnoText(error);
    throw selection(`rsync: [Receiver] ERROR: cannot stat destination ${shown}: ${why}`);
  }
}

function createRoot(session: Session, path: string): void {
  try {
    makeDirectory(withoutSlash(path), 0o777 & ~process.umask());
  } catch (error) {
    const shown = session.showPath(withoutSlash(path));
    throw new RsyncError(`rsync: [Receiver] mkdir ${shown} failed: ${errnoText(error)}`, {
      code: 'MKDIR_FAILED',
      exitCode: ExitCode.FILE_IO,
      cause: error,
    });
  }
}

const withoutSlash = (path: string): string => path.replace(/(?!^)\/+$/, '');

/** Tell of a directory that was made for the destination. */
function announce(session: Session, text: string): void {
  if (session.info('name') > 0 || session.options.itemize > 0) session.say(text);
}

/** `--mkpath`: create the missing directories that lead to the destination. */
function makeParents(
  session: Session,
  path: string,
  whole: boolean,
  named: (path: string) => string,
): void {
  const target = whole ? withoutSlash(path) : directoryName(path);
  const missing: string[] = [];
  for (let at = target; at !== '' && at !== '/' && stat(at) === undefined; ) {
    missing.unshift(at);
    at = directoryName(at);
  }
  if (missing.length === 0) return;
  if (!session.options.dryRun) for (const directory of missing) createRoot(session, directory);
  const count = missing.length === 1 ? '1 directory' : `${missing.length} directories`;
  announce(session, `created ${count} for ${named(target)}\n`);
}

function selection(message: string): RsyncError {
  return new RsyncError(message, { code: 'BAD_DESTINATION', exitCode: ExitCode.FILE_SELECT });
}
