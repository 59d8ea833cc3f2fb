import {
  applyAttributes,
  copyContents,
  createHardLink,
  createNode,
  createSymlink,
  DestinationRoot,
  errnoCode,
  errnoText,
  type FileStat,
  joinPath,
  lstat,
  makeDirectories,
  makeDirectory,
  readLink,
  removeDirectory,
  removeFile,
  renamePath,
  stat,
  TemporaryFile,
} from '@deltawire/filesystem';
import { ExitCode, type FileEntry, RsyncError } from '@deltawire/protocol';
import type { Role, Session } from '../session.ts';
import type { AclPolicy } from './acl-policy.ts';
import type { Destination } from './destination.ts';
import { nodeType } from './kinds.ts';
import type { XattrPolicy } from './xattr-policy.ts';

/** What copies get beside a mode, owners and times. */
export interface AttributeCopies {
  readonly xattrs: XattrPolicy | undefined;
  readonly acls: AclPolicy | undefined;
}

/**
 * Keeps what is replaced or deleted, with `--backup` (docs/spec/data.md §9.7). Names are relative to
 * the destination. An old file keeps its own name until its backup is there.
 */
export class Backups {
  readonly #session: Session;
  readonly #destination: Destination;
  /** Where backups are: the destination itself, or `--backup-dir`. */
  readonly #root: DestinationRoot;
  readonly #directory: string | undefined;
  readonly #suffix: string;
  readonly #policies: AttributeCopies;

  private constructor(session: Session, destination: Destination, policies: AttributeCopies) {
    const { backupDir, suffix } = session.options;
    this.#session = session;
    this.#destination = destination;
    this.#policies = policies;
    this.#directory = backupDir;
    this.#suffix = suffix;
    this.#root =
      backupDir === undefined
        ? destination.root
        : new DestinationRoot(backupPath(destination, backupDir), { confine: true });
  }

  /** undefined without `--backup`. Throws when `--backup-dir` is something else than a directory. */
  static open(
    session: Session,
    destination: Destination,
    policies: AttributeCopies,
  ): Backups | undefined {
    const { backup, backupDir, listOnly } = session.options;
    if (!backup || listOnly) return undefined;
    const backups = new Backups(session, destination, policies);
    if (backupDir !== undefined) backups.#checkDirectory(backupDir);
    return backups;
  }

  /** Whether this is a backup itself, of which none is made. */
  isBackup(name: string): boolean {
    return this.#directory === undefined && name.endsWith(this.#suffix);
  }

  /** A new file is about to take the entry's name. Throws when what is there cannot be kept. */
  beforeReplacing(entry: FileEntry): void {
    const name = this.#destination.nameOf(entry);
    const found = lstat(this.#destination.root.resolve(name));
    if (found === undefined || found.type === 'directory') return;
    if (this.#keep(name, found, 'receiver', linkOrCopy)) return;
    throw new RsyncError('', { code: 'BACKUP_FAILED', exitCode: ExitCode.FILE_IO });
  }

  /** The same for what is made without content; false when it cannot be kept. */
  beforeRemaking(name: string, found: FileStat): boolean {
    if (this.#session.options.dryRun) {
      this.#tell(name);
      return true;
    }
    return this.#keep(name, found, 'generator', linkOrCopy);
  }

  /** Take the item away, into its backup. Throws when that fails; a dry run only tells. */
  take(name: string, found: FileStat): void {
    if (this.#session.options.dryRun) {
      this.#tell(name);
      return;
    }
    if (!this.#keep(name, found, 'generator', move)) throw TAKE_FAILED;
  }

  /** A copy, for a file that will be changed in place: its path, or undefined when that failed. */
  copy(entry: FileEntry, found: FileStat): string | undefined {
    const name = this.#destination.nameOf(entry);
    return this.#keep(name, found, 'generator', copyOver) ? this.#pathOf(name) : undefined;
  }

  #pathOf(name: string): string {
    return this.#root.resolve(name + this.#suffix);
  }

  #keep(name: string, found: FileStat, role: Role, how: Keep): boolean {
    let path = '';
    try {
      path = this.#pathOf(name);
      if (this.#directory !== undefined) {
        this.#session.checkOption(this.#root.path, true);
        this.#makeParents(name);
      }
      const before = lstat(path);
      if (before?.type === 'directory') removeDirectory(path);
      how(this.#destination.root.resolve(name), path, found, before !== undefined, this.#policies);
    } catch (error) {
      if (error instanceof BackupDirectoryError) {
        const shown = this.#session.showPath(error.path).slice(1, -1);
        this.#session.systemError(role, `backup mkdir ${shown} failed`, error.cause);
      } else {
        const shown = this.#session.showPath(path);
        this.#session.systemError(role, `keep_backup failed: "${name}" -> ${shown}`, error);
      }
      return false;
    }
    this.#tell(name);
    return true;
  }

  #tell(name: string): void {
    if (this.#session.info('backup') === 0) return;
    const backup = `${name}${this.#suffix}`;
    const shown = this.#directory === undefined ? backup : joinPath(this.#directory, backup);
    this.#session.say(`backed up ${name} to ${shown}\n`);
  }

  /** Directories of backups have the modes and owners of their originals. */
  #makeParents(name: string): void {
    if (lstat(this.#root.pathOf('.')) === undefined) {
      guarded(this.#root.pathOf('.'), (path) => makeDirectories(path.replace(/\/+$/, '')));
    }
    for (let slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      const parent = name.slice(0, slash);
      const path = this.#root.pathOf(parent);
      if (lstat(path) !== undefined) continue;
      const original = lstat(this.#destination.root.pathOf(parent));
      const mode = (original?.mode ?? 0o755) & 0o7777;
      guarded(path, () => makeDirectory(path, mode | 0o700));
      const made = lstat(path);
      if (original === undefined || made === undefined) continue;
      const wanted = { mode, uid: original.uid, gid: original.gid };
      applyAttributes(path, wanted, made, () => {});
    }
  }

  #checkDirectory(given: string): void {
    const found = stat(this.#root.path);
    if (found !== undefined && found.type !== 'directory') {
      throw new RsyncError(`The backup-dir is not a directory: ${given}`, {
        code: 'BAD_BACKUP_DIR',
        exitCode: ExitCode.SYNTAX,
      });
    }
    if (this.#session.info('backup') === 0) return;
    const isNew = found === undefined ? '(new) ' : '';
    this.#session.say(`${isNew}backup_dir is ${given}\n`);
  }
}

function backupPath({ root }: Destination, directory: string): string {
  return directory.startsWith('/') ? directory : joinPath(root.path, directory);
}

/** A directory for backups could not be made. */
class BackupDirectoryError extends Error {
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super(`mkdir ${path}: ${errnoText(cause)}`, { cause });
    this.path = path;
  }
}

function guarded(path: string, make: (path: string) => void): void {
  try {
    make(path);
  } catch (error) {
    throw new BackupDirectoryError(path, error);
  }
}

const TAKE_FAILED: unknown = Object.assign(new Error('EACCES'), { code: 'EACCES', errno: -13 });

/** Makes a backup at `to` of what is at `from`; `taken`: there is an older one. */
type Keep = (
  from: string,
  to: string,
  found: FileStat,
  taken: boolean,
  policies: AttributeCopies,
) => void;

/** The file keeps its name, until another one takes it. */
function linkOrCopy(...[from, to, found, taken, policies]: Parameters<Keep>): void {
  try {
    createHardLink(from, to, { replace: taken });
  } catch (error) {
    if (!CANNOT_LINK.has(errnoCode(error) ?? '')) throw error;
    copyOver(from, to, found, taken, policies);
  }
}

function move(...[from, to, found, taken, policies]: Parameters<Keep>): void {
  try {
    renamePath(from, to);
  } catch (error) {
    if (errnoCode(error) !== 'EXDEV') throw error;
    copyOver(from, to, found, taken, policies);
    removeFile(from);
  }
}

/** A second file with the same content and attributes, complete before it has its name. */
function copyOver(...[from, to, found, taken, policies]: Parameters<Keep>): void {
  const { mode, uid, gid, mtime, mtimeNs } = found;
  const afterOwner = (target: string | number): void => {
    policies.xattrs?.copy(from, target, to);
    policies.acls?.copy(from, target, to);
  };
  const wanted = { mode: mode & 0o7777, uid, gid, mtime, mtimeNs, afterOwner };
  const ignore = (): void => {}; // an ordinary user cannot give files away
  if (found.type === 'file') {
    using copy = TemporaryFile.create(to, { mode: 0o600 });
    copyContents(from, copy.path);
    copy.apply(wanted, ignore);
    copy.commit();
    return;
  }
  if (found.type === 'symlink') createSymlink(readLink(from), to, { replace: taken });
  else {
    const { rdevMajor, rdevMinor } = found;
    const type = nodeType(mode);
    createNode(to, { type, mode: mode & 0o7777, rdevMajor, rdevMinor }, { replace: taken });
  }
  const made = lstat(to);
  if (made !== undefined) applyAttributes(to, wanted, made, ignore);
}

/** Another file system, one without hard links, a kind or an owner that cannot be linked, too many links. */
const CANNOT_LINK: ReadonlySet<string> = new Set([
  'EXDEV',
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'EMLINK',
  'ENOSYS',
]);
