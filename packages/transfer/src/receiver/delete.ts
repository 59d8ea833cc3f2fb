import type { FileList } from '@deltawire/file-list';
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
import { deletes } from '../options.ts';
import { IoError, type Session } from '../session.ts';
import { countKind } from '../stats.ts';
import type { Backups } from './backups.ts';
import type { FilterTree } from './filter-tree.ts';
import { isDirectory, parentOf } from './kinds.ts';

/** An item that is to go. */
interface Doomed {
  readonly name: string;
  readonly stat: FileStat;
}

/** What a directory holds. */
interface Contents {
  /** May go; last in list order first. */
  readonly doomed: Doomed[];
  /** Something stays. */
  readonly protects: boolean;
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
  readonly #backups: Backups | undefined;
  readonly #delayed: Doomed[] = [];
  #removed = 0;
  #skipped = 0;
  #heldBackSaid = false;

  /** `isHidden`: what a daemon hides stays as well; `backups` get what is removed. */
  constructor(
    session: Session,
    root: DestinationRoot,
    filters: FilterTree,
    isHidden: IsHidden | undefined,
    backups?: Backups,
  ) {
    this.#session = session;
    this.#root = root;
    this.#filters = filters;
    this.#isHidden = isHidden;
    this.#backups = backups;
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
    if (stat?.type !== 'directory') return;
    const gone: Doomed[] = [];
    for (const item of this.#contents(name, stat, false).doomed) {
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

  /** Remove an item that was asked for and is missing at the source, unless a rule protects it. */
  removeMissing(name: string, stat: FileStat): void {
    const o = this.#session.options;
    const isDir = stat.type === 'directory';
    const scope = this.#filters.inside(parentOf(name));
    if (!scope.empty && scope.decide(name, isDir) === 'exclude') return;
    if (isDir && !this.#empty(name, stat, o.force || deletes(o))) return;
    this.#removeItem({ name, stat }, false);
    this.#root.forget();
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
      if (!this.#empty(name, stat, o.force || deletes(o))) {
        this.#session.transferError(`could not make way for new ${whatFor}: ${name}\n`);
        return false;
      }
    }
    if (o.dryRun && !this.#isKept(name, stat)) return true;
    try {
      this.#unlink(name, stat);
      this.#root.forget();
      return true;
    } catch (error) {
      if (errnoCode(error) === 'ENOTEMPTY') {
        // The backups of what was in it.
        this.#sayNotEmpty(name);
        this.#session.transferError(`could not make way for new ${whatFor}: ${name}\n`);
      } else {
        this.#session.systemError('generator', `delete_file: unlink(${name}) failed`, error);
      }
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

  /** Make a directory empty that is in the way; without `removes` it has to be already. */
  #empty(name: string, stat: FileStat, removes: boolean): boolean {
    if (removes) return this.#removeContents(name, stat, true);
    if (readDirectory(this.#root.resolve(name)).length === 0) return true;
    this.#sayNotEmpty(name);
    return false;
  }

  #sayNotEmpty(name: string): void {
    this.#session.say(`cannot delete non-empty directory: ${name}\n`);
  }

  /** What lies directly inside a directory. */
  #contents(directory: string, stat: FileStat, doomed: boolean): Contents {
    let names: string[];
    try {
      names = readDirectory(this.#root.resolve(directory === '' ? '.' : directory));
    } catch (error) {
      const shown = this.#session.showPath(this.#root.pathOf(directory));
      this.#session.systemError('generator', `opendir ${shown} failed`, error);
      return { doomed: [], protects: true };
    }
    const scope = this.#filters.inside(directory);
    const items: Doomed[] = [];
    let protects = false;
    for (const base of names) {
      const name = directory === '' ? base : `${directory}/${base}`;
      const child = lstat(this.#root.pathOf(name));
      if (child === undefined) continue;
      const isDir = child.type === 'directory';
      const isMount = isDir && this.#session.options.oneFileSystem > 0 && child.dev !== stat.dev;
      const stays =
        isMount ||
        this.#isHidden?.(this.#root.pathOf(name), isDir) === true ||
        (!scope.empty && scope.decide(name, isDir, { ignorePerishable: doomed }) === 'exclude');
      if (stays) protects = true;
      else items.push({ name, stat: child });
    }
    items.sort((a, b) =>
      compareNames(
        { name: b.name, isDirectory: b.stat.type === 'directory' },
        { name: a.name, isDirectory: a.stat.type === 'directory' },
        this.#session.agreement.dialect.directorySort,
      ),
    );
    return { doomed: items, protects };
  }

  /** Remove everything that may go inside a directory; whether it is empty now. */
  #removeContents(name: string, stat: FileStat, unlimited: boolean): boolean {
    if (!this.#session.options.dryRun) this.#makeWritable(name, stat);
    const { doomed, protects } = this.#contents(name, stat, true);
    let all = !protects;
    for (const item of doomed) {
      // As in rsync, a directory that keeps something is tried nevertheless.
      if (item.stat.type === 'directory') {
        if (!this.#removeContents(item.name, item.stat, unlimited)) all = false;
      }
      if (!this.#removeItem(item, unlimited)) all = false;
    }
    if (!all) this.#sayNotEmpty(name);
    return all;
  }

  #remove(item: Doomed, unlimited: boolean): void {
    const isDir = item.stat.type === 'directory';
    if (isDir && !this.#removeContents(item.name, item.stat, unlimited)) return;
    this.#removeItem(item, unlimited);
  }

  /** Remove a file, or a directory without contents. */
  #removeItem(item: Doomed, unlimited: boolean): boolean {
    const { options } = this.#session;
    const isDir = item.stat.type === 'directory';
    if (!unlimited && options.maxDelete >= 0 && this.#removed >= options.maxDelete) {
      this.#skipped++;
      return false;
    }
    const kept = this.#isKept(item.name, item.stat);
    if (!options.dryRun || kept) {
      try {
        this.#unlink(item.name, item.stat);
      } catch (error) {
        const code = errnoCode(error);
        if (code === 'ENOENT') return true;
        if (code === 'ENOTEMPTY') {
          this.#sayNotEmpty(item.name);
          return false;
        }
        const call = kept ? 'make_backup' : isDir ? 'rmdir' : 'unlink';
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

  /** Whether a backup is made of it. */
  #isKept(name: string, stat: FileStat): boolean {
    return stat.type !== 'directory' && this.#backups?.isBackup(name) === false;
  }

  #unlink(name: string, stat: FileStat): void {
    if (this.#isKept(name, stat)) {
      this.#backups?.take(name, stat);
      return;
    }
    const path = this.#root.resolve(name);
    if (stat.type === 'directory') removeDirectory(path);
    else removeFile(path);
  }

  /** Entries of an own read-only directory can be removed only once it is writable. */
  #makeWritable(name: string, stat: FileStat): void {
    if ((stat.mode & 0o200) !== 0 || process.geteuid?.() !== stat.uid) return;
    try {
      setMode(this.#root.resolve(name), (stat.mode & 0o7777) | 0o700);
    } catch {
      // The removal itself will say what is wrong.
    }
  }

  #announce(name: string, isDir: boolean): void {
    const { server, agreement } = this.#session;
    this.#session.emit({ kind: 'delete', name, isDirectory: isDir });
    if (!server) return;
    if (agreement.dialect.protocol >= 29) {
      const sent = this.#session.charset?.textToUtf8(name) ?? name;
      const bytes = Buffer.from(isDir ? `${sent}\0` : sent, 'latin1');
      // As in rsync, deletions are told before the items that were written just before.
      this.#session.wire.message(MessageTag.DELETED, bytes, true);
    } else if (this.#session.info('del') > 0) {
      this.#session.tell(`deleting ${name}${isDir ? '/' : ''}\n`);
    }
  }
}

/** Names that a list keeps in its directories; those that were pruned are not among them. */
export function namesOf(list: FileList): Set<string> {
  const names = new Set<string>();
  for (let position = 0; position < list.length; position++) {
    if (!list.isDropped(position)) names.add(list.entries[position]!.name);
  }
  return names;
}

/** Whether deletions apply inside this directory (docs/spec/data.md §3.5). */
export function isContentDirectory(entry: FileEntry): boolean {
  return isDirectoryEntry(entry) && isDirectory(entry.mode) && !entry.noContent;
}
