import { compareNames, isDirectoryEntry } from '@deltawire/file-list';
import {
  type DestinationRoot,
  errnoCode,
  type FileStat,
  lstat,
  readDirectory,
  removeDirectory,
  removeFile,
  setMode,
} from '@deltawire/filesystem';
import { type FileEntry, MessageTag } from '@deltawire/protocol';
import type { IsHidden } from '../module-rules.ts';
import { IoError, type Session } from '../session.ts';
import { countKind } from '../stats.ts';
import type { FilterTree } from './filter-tree.ts';
import { isDirectory } from './kinds.ts';

/** An item that is to go. */
interface Doomed {
  readonly name: string;
  readonly stat: FileStat;
}

/**
 * Removes what the sender does not have (docs/spec/data.md §8.7): filters protect, `--max-delete`
 * limits, I/O errors of the sender hold everything back.
 */
export class Deleter {
  readonly #session: Session;
  readonly #root: DestinationRoot;
  readonly #filters: FilterTree;
  readonly #isHidden: IsHidden | undefined;
  readonly #delayed: Doomed[] = [];
  #removed = 0;
  #skipped = 0;
  #heldBackSaid = false;

  /** `isHidden`: what a daemon hides stays as well. */
  constructor(
    session: Session,
    root: DestinationRoot,
    filters: FilterTree,
    isHidden: IsHidden | undefined,
  ) {
    this.#session = session;
    this.#root = root;
    this.#filters = filters;
    this.#isHidden = isHidden;
  }

  /**
   * Remove from `directory` every item that is not in `listed` (full names). With `delay` the
   * removal waits for {@link Deleter.removeDelayed}.
   */
  purge(directory: FileEntry, listed: ReadonlySet<string>, delay: boolean): void {
    const name = directory.name === '.' ? '' : directory.name;
    if (this.#heldBack()) return;
    const path = this.#root.resolve(name === '' ? '.' : name);
    const stat = lstat(path);
    if (stat === undefined || stat.type !== 'directory') return;
    const gone: Doomed[] = [];
    for (const item of this.#children(name, stat, false)) {
      if (!listed.has(item.name)) gone.push(item);
    }
    for (const item of gone) {
      if (delay) this.#delayed.push(item);
      else this.#remove(item, false);
    }
  }

  /** Carry out the removals that `purge` put off. */
  removeDelayed(): void {
    for (const item of this.#delayed.splice(0)) {
      if (lstat(this.#root.resolve(item.name)) !== undefined) this.#remove(item, false);
    }
  }

  /** Say what `--max-delete` held back; call once, after the last removal. */
  report(): void {
    if (this.#skipped === 0) return;
    this.#session.warn(`Deletions stopped due to --max-delete limit (${this.#skipped} skipped)\n`);
    this.#session.ioError |= IoError.DELETE_LIMIT;
  }

  /**
   * Clear the way for an item of another type. A directory with contents goes only with `--force`
   * or a delete option. Returns whether the way is clear.
   */
  makeWay(name: string, stat: FileStat, whatFor: string): boolean {
    const o = this.#session.options;
    if (stat.type === 'directory') {
      const mayEmpty = o.force || o.deleteMode !== 'none' || o.deleteExcluded;
      const cleared = mayEmpty
        ? this.#removeContents(name, stat, true)
        : o.dryRun || readDirectory(this.#root.resolve(name)).length === 0;
      if (!cleared) {
        this.#session.transferError(`cannot delete non-empty directory: ${name}\n`);
        this.#session.transferError(`could not make way for new ${whatFor}: ${name}\n`);
        return false;
      }
    }
    if (o.dryRun) return true;
    try {
      this.#unlink(name, stat);
      this.#root.forget();
      return true;
    } catch (error) {
      this.#session.systemError('generator', `delete_file: unlink(${name}) failed`, error);
      return false;
    }
  }

  #heldBack(): boolean {
    const { ioError, options } = this.#session;
    if ((ioError & IoError.GENERAL) === 0 || options.ignoreErrors) return false;
    if (!this.#heldBackSaid) {
      this.#heldBackSaid = true;
      this.#session.say('IO error encountered -- skipping file deletion\n');
    }
    return true;
  }

  /** Unprotected items directly inside a directory, last in list order first. */
  #children(directory: string, stat: FileStat, doomed: boolean): Doomed[] {
    let names: string[];
    try {
      names = readDirectory(this.#root.resolve(directory === '' ? '.' : directory));
    } catch (error) {
      const what = `opendir "${this.#root.pathOf(directory)}" failed`;
      this.#session.systemError('generator', what, error);
      return [];
    }
    const scope = this.#filters.inside(directory);
    const items: Doomed[] = [];
    for (const base of names) {
      const name = directory === '' ? base : `${directory}/${base}`;
      const child = lstat(this.#root.pathOf(name));
      if (child === undefined) continue;
      const isDir = child.type === 'directory';
      if (isDir && this.#session.options.oneFileSystem > 0 && child.dev !== stat.dev) continue;
      if (this.#isHidden?.(this.#root.pathOf(name), isDir) === true) continue;
      const rule = scope.empty
        ? undefined
        : scope.decide(name, isDir, { ignorePerishable: doomed });
      if (rule === 'exclude') continue;
      items.push({ name, stat: child });
    }
    const sorted = items.sort((a, b) =>
      compareNames(
        { name: b.name, isDirectory: b.stat.type === 'directory' },
        { name: a.name, isDirectory: a.stat.type === 'directory' },
        this.#session.agreement.dialect.directorySort,
      ),
    );
    return sorted;
  }

  /** Remove everything that may go inside a directory; whether it is empty now. */
  #removeContents(name: string, stat: FileStat, unlimited: boolean): boolean {
    let all = true;
    for (const item of this.#children(name, stat, true)) {
      if (!this.#remove(item, unlimited)) all = false;
    }
    if (!all) return false;
    return this.#session.options.dryRun || readDirectory(this.#root.resolve(name)).length === 0;
  }

  #remove(item: Doomed, unlimited: boolean): boolean {
    const { options } = this.#session;
    const isDir = item.stat.type === 'directory';
    if (isDir) {
      if (!options.dryRun) this.#makeWritable(item);
      if (!this.#removeContents(item.name, item.stat, unlimited)) {
        if (this.#skipped === 0) {
          this.#session.say(`cannot delete non-empty directory: ${item.name}\n`);
        }
        return false;
      }
    }
    if (!unlimited && options.maxDelete >= 0 && this.#removed >= options.maxDelete) {
      this.#skipped++;
      return false;
    }
    if (!options.dryRun) {
      try {
        this.#unlink(item.name, item.stat);
      } catch (error) {
        if (errnoCode(error) === 'ENOENT') return true;
        const call = isDir ? 'rmdir' : 'unlink';
        const what = `delete_file: ${call}(${item.name}) failed`;
        this.#session.systemError('generator', what, error);
        return false;
      }
    }
    this.#removed++;
    countKind(this.#session.stats.deleted, item.stat.mode);
    this.#announce(item.name, isDir);
    return true;
  }

  #unlink(name: string, stat: FileStat): void {
    const path = this.#root.resolve(name);
    if (stat.type === 'directory') removeDirectory(path);
    else removeFile(path);
  }

  /** Entries of an own read-only directory can be removed only once it is writable. */
  #makeWritable(item: Doomed): void {
    if ((item.stat.mode & 0o200) !== 0 || process.geteuid?.() !== item.stat.uid) return;
    try {
      setMode(this.#root.resolve(item.name), (item.stat.mode & 0o7777) | 0o700);
    } catch {
      // The removal itself will say what is wrong.
    }
  }

  #announce(name: string, isDir: boolean): void {
    const { server, agreement } = this.#session;
    if (!server) {
      this.#session.emit({ kind: 'delete', name, isDirectory: isDir });
    } else if (agreement.dialect.protocol >= 29) {
      const bytes = Buffer.from(isDir ? `${name}\0` : name, 'latin1');
      this.#session.wire.message(MessageTag.DELETED, bytes);
    } else if (this.#session.info('del') > 0) {
      this.#session.say(`deleting ${name}${isDir ? '/' : ''}\n`);
    }
  }
}

/** Names that a list keeps in its directories. */
export function namesOf(entries: readonly FileEntry[]): Set<string> {
  const names = new Set<string>();
  for (const entry of entries) names.add(entry.name);
  return names;
}

/** Whether deletions apply inside this directory (docs/spec/data.md §3.5). */
export function isContentDirectory(entry: FileEntry): boolean {
  return isDirectoryEntry(entry) && isDirectory(entry.mode) && !entry.noContent;
}
