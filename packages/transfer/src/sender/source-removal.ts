import { localPath } from '@deltawire/file-list';
import { type FileStat, lstat, removeFile, stat } from '@deltawire/filesystem';
import { ExitCode, type FileEntry, ProtocolError } from '@deltawire/protocol';
import { isDirectory, isRegular } from '../receiver/kinds.ts';
import type { Session } from '../session.ts';
import type { SourceLists } from './source-lists.ts';

/**
 * `--remove-source-files`: what the receiving side reports as in place is removed here, unless it has
 * changed meanwhile (docs/spec/data.md §9.9). Directories stay.
 */
export class SourceRemoval {
  readonly #session: Session;
  readonly #lists: SourceLists;

  constructor(session: Session, lists: SourceLists) {
    this.#session = session;
    this.#lists = lists;
  }

  /** Remove what `ndx` names. Throws when that is no live index. */
  remove(ndx: number): void {
    const { options } = this.#session;
    if (!options.removeSourceFiles) return;
    const located = this.#lists.byNdx(ndx);
    if (located === undefined) {
      throw new ProtocolError(`file index ${ndx} is in no live file list`, {
        exitCode: ExitCode.PROTOCOL,
      });
    }
    const { entry, list, position } = located;
    if (position < 0 || isDirectory(entry.mode) || options.dryRun) return;
    this.#remove(ndx, entry, localPath(list.rootOf(position), entry));
  }

  #remove(ndx: number, entry: FileEntry, path: string): void {
    const session = this.#session;
    try {
      const found = lstat(path);
      // As in rsync, what only --copy-unsafe-links has followed counts as changed.
      const follows = session.options.copyLinks && found?.type === 'symlink';
      const counts = follows ? stat(path) : found;
      if (found === undefined || counts === undefined) {
        throw Object.assign(new Error('ENOENT'), { code: 'ENOENT', errno: -2 });
      }
      if (this.#isDestination(ndx, found)) {
        session.transferError(`ERROR: Skipping sender remove of destination file: ${entry.name}\n`);
      } else if (hasChanged(entry, counts)) {
        session.transferError(`ERROR: Skipping sender remove for changed file: ${entry.name}\n`);
      } else {
        removeFile(path);
        if (session.info('remove') > 0) session.say(`sender removed ${entry.name}\n`);
      }
    } catch (error) {
      session.systemError('sender', `sender failed to remove ${entry.name}`, error);
    }
  }

  /** A copy onto itself: what would be removed is what was to be kept. */
  #isDestination(ndx: number, found: FileStat): boolean {
    const placed = this.#session.placed?.get(ndx);
    this.#session.placed?.delete(ndx);
    return placed !== undefined && placed.dev === found.dev && placed.ino === found.ino;
  }
}

function hasChanged(entry: FileEntry, found: FileStat): boolean {
  if (found.mtime !== entry.mtime || found.mtimeNs !== entry.mtimeNs) return true;
  return isRegular(entry.mode) && found.size !== entry.size;
}
