import {
  errnoCode,
  type FileStat,
  lstat,
  makeDirectories,
  makeDirectory,
  stat,
  type WantedAttributes,
} from '@deltawire/filesystem';
import { type FileEntry, ItemFlag } from '@deltawire/protocol';
import type { Session } from '../session.ts';
import { countKind } from '../stats.ts';
import { AlternateLevel, type AlternateMatch, type Alternates } from './alternates.ts';
import type { AttributePolicy } from './attributes.ts';
import type { Deleter } from './delete.ts';
import type { ItemReporter } from './items.ts';
import { parentOf } from './kinds.ts';
import type { Placement } from './placement.ts';

const SKIPPING = '*** Skipping any contents from this failed directory ***\n';

/** A directory that is in use, and the mode it gets afterwards. */
interface Unfinished {
  readonly entry: FileEntry;
  readonly mode: number;
  /** Its owner and all else have been set before. */
  readonly complete: boolean;
}

/** What directories are made with. */
export interface DirectoriesSetup {
  readonly session: Session;
  readonly placement: Placement;
  readonly attributes: AttributePolicy;
  readonly deleter: Deleter;
  readonly items: ItemReporter;
  readonly alternates: Alternates;
  /** Called when something was put in the place of something else. */
  readonly onChange: () => void;
}

/** Makes directories, and gives them their attributes (docs/spec/data.md §8.5). */
export class DirectoryMaker {
  readonly #session: Session;
  readonly #placement: Placement;
  readonly #attributes: AttributePolicy;
  readonly #deleter: Deleter;
  readonly #items: ItemReporter;
  readonly #alternates: Alternates;
  readonly #onChange: () => void;
  /** Made while their parent was worked on, and not reported yet. */
  readonly #made: Set<FileEntry> = new Set();
  /** The same for those that could not be made. */
  readonly #failed: Set<FileEntry> = new Set();
  /** Their times or modes are set again when nothing changes inside any more. */
  #touchUp: Unfinished[] = [];

  constructor(setup: DirectoriesSetup) {
    this.#session = setup.session;
    this.#placement = setup.placement;
    this.#attributes = setup.attributes;
    this.#deleter = setup.deleter;
    this.#items = setup.items;
    this.#alternates = setup.alternates;
    this.#onChange = setup.onChange;
  }

  /** While the parent's list is processed a directory only has to exist. */
  ensure(entry: FileEntry): void {
    const { options } = this.#session;
    const placement = this.#placement;
    if (placement.nameOf(entry) === '.' || placement.leftOut.contains(entry.name)) return;
    if (placement.isHidden(entry)) return;
    let found: FileStat | undefined;
    try {
      found = placement.isImaginary(entry) ? undefined : this.#look(entry).found;
    } catch {
      // What is wrong is said when it is made.
    }
    if (found?.type === 'directory') return;
    if (found === undefined ? options.existing : options.ignoreExisting) return;
    if (found !== undefined && !this.#makeWay(entry, found)) return;
    if (this.#make(entry)) this.#made.add(entry);
    else this.#failed.add(entry);
  }

  /**
   * Handle a directory in full: create it, report it, set its attributes. Returns whether its
   * contents are to be handled.
   */
  enter(entry: FileEntry, ndx: number): boolean {
    const { options, stats } = this.#session;
    const placement = this.#placement;
    if (placement.leftOut.contains(entry.name)) return false;
    if (this.#failed.delete(entry)) {
      this.#items.report(ndx, entry, ItemFlag.LOCAL_CHANGE | this.#attributes.flagsOfNew(entry));
      return false;
    }
    if (placement.leftOut.has(entry.name)) return false;
    if (placement.refuses(entry)) {
      placement.leftOut.add(entry.name);
      this.#session.transferError(SKIPPING);
      return false;
    }
    const made = this.#made.delete(entry);
    let path = placement.uncheckedPathFor(entry);
    let found: FileStat | undefined;
    try {
      if (!placement.isImaginary(entry)) ({ path, found } = this.#look(entry));
    } catch {
      // What is wrong is said when it is made.
    }
    let replaces = false;
    if (found !== undefined && found.type !== 'directory') {
      // What goes inside is tried nevertheless, and fails.
      if (options.ignoreExisting) return false;
      if (!made && !this.#makeWay(entry, found)) {
        placement.leftOut.add(entry.name);
        return false;
      }
      found = undefined;
      replaces = true;
    }
    const isNew = made || found === undefined || placement.isNewRoot(entry);
    const isMissing = isNew && !made && !replaces;
    if (isMissing && options.existing && placement.nameOf(entry) !== '.') {
      if (this.#session.info('skip') > 0) {
        this.#session.say(`not creating new directory "${entry.name}"\n`);
      }
      placement.leftOut.add(entry.name);
      return false;
    }
    let match: AlternateMatch | undefined;
    if (!this.#isImplied(entry)) {
      if (isNew) match = this.#alternates.find(entry, placement.nameOf(entry), 1);
      let iflags = 0;
      if (match !== undefined) {
        const matched = match.level === AlternateLevel.SAME_ALL;
        iflags = ItemFlag.LOCAL_CHANGE;
        iflags |= this.#attributes.differences(entry, match.path, match.stat, iflags, matched);
      } else if (isNew) {
        countKind(stats.created, entry.mode);
        iflags = ItemFlag.LOCAL_CHANGE | this.#attributes.flagsOfNew(entry);
      } else if (found !== undefined) {
        iflags = this.#attributes.differences(entry, path, found, 0);
      }
      if (match?.level === AlternateLevel.SAME_ALL) this.#items.reportMatch(ndx, entry, iflags);
      else this.#items.report(ndx, entry, iflags);
    }
    if (found === undefined && !made) {
      if (!this.#make(entry)) return false;
      if (!options.dryRun) ({ path, found } = this.#look(entry));
    }
    if (match !== undefined && !options.dryRun) {
      this.#attributes.xattrs?.copy(match.path, path, path);
    }
    if (found !== undefined && !options.dryRun && !this.#isImplied(entry)) {
      this.#setAttributes(entry, path, found, isNew);
    }
    return true;
  }

  /** Times and modes, once nothing changes any more inside `only`, or inside any of them. */
  finish(only?: FileEntry): void {
    const rest: Unfinished[] = [];
    for (const directory of this.#touchUp) {
      const { entry } = directory;
      if (only !== undefined && entry !== only) {
        rest.push(directory);
        continue;
      }
      const { path, found } = this.#look(entry);
      if (found?.type !== 'directory') continue;
      const wanted = this.#lastWishes(directory, found);
      if (directory.complete) this.#attributes.apply(entry, path, wanted, found);
      else this.#attributes.applyAgain(entry, path, wanted, found);
    }
    this.#touchUp = rest;
  }

  /** Where the owner could not be set before, only the times are, and the mode as rsync does. */
  #lastWishes({ entry, mode, complete }: Unfinished, found: FileStat): WantedAttributes {
    const wanted = this.#attributes.wanted(entry, found, true);
    if (complete) return { ...wanted, mode };
    const { mtime, mtimeNs } = wanted;
    const setsMode = !this.#session.agreement.dialect.incRecurse;
    return { mtime, mtimeNs, ...(setsMode ? { mode } : {}) };
  }

  /** Whether `finish` has anything left to do. */
  get unfinished(): boolean {
    return this.#touchUp.length > 0;
  }

  /** Parts of a path that only lead to what was asked for, and were not asked for themselves. */
  #isImplied(entry: FileEntry): boolean {
    const { relative, impliedDirs } = this.#session.options;
    return entry.topDir && entry.noContent && relative && !impliedDirs;
  }

  /** What is there. With `--keep-dirlinks` a link to a directory is that directory. */
  #look(entry: FileEntry): { path: string; found: FileStat | undefined } {
    const path = this.#placement.pathFor(entry);
    if (path.endsWith('/')) return { path: `${path}.`, found: this.#stat(`${path}.`) };
    const found = this.#stat(path);
    if (found?.type !== 'symlink' || !this.#session.options.keepDirlinks) return { path, found };
    const target = stat(path);
    return target?.type === 'directory' ? { path: `${path}/`, found: target } : { path, found };
  }

  #stat(path: string): FileStat | undefined {
    const found = lstat(path);
    const { fake } = this.#session;
    return fake !== undefined && found !== undefined ? fake.see(path, found) : found;
  }

  #makeWay(entry: FileEntry, found: FileStat): boolean {
    const name = this.#placement.nameOf(entry);
    if (this.#deleter.makeWay(name, found, 'directory')) return true;
    this.#placement.leftOut.add(entry.name);
    return false;
  }

  #make(entry: FileEntry): boolean {
    const { options } = this.#session;
    if (options.dryRun) {
      this.#placement.imagined.add(entry.name);
      return true;
    }
    const ordinary = 0o777 & ~process.umask();
    const mode = this.#isImplied(entry) ? ordinary : this.#firstMode(entry);
    try {
      const path = this.#placement.pathFor(entry);
      try {
        makeDirectory(path, mode);
      } catch (error) {
        if (errnoCode(error) !== 'ENOENT' || !options.relative) throw error;
        makeDirectories(parentOf(path), ordinary);
        makeDirectory(path, mode);
      }
      this.#onChange();
      return true;
    } catch (error) {
      const shown = this.#session.showPath(this.#placement.uncheckedPathFor(entry));
      this.#session.systemError('generator', `recv_generator: mkdir ${shown} failed`, error);
      this.#session.transferError(SKIPPING);
      this.#placement.leftOut.add(entry.name);
      return false;
    }
  }

  /** As in rsync, a directory is its maker's own until it belongs to whom it should. */
  #firstMode(entry: FileEntry): number {
    if (this.#attributes.keepsTimes(entry)) return 0o700;
    return this.#attributes.modeFor(entry, undefined) | 0o700;
  }

  #setAttributes(entry: FileEntry, path: string, found: FileStat, isNew: boolean): void {
    const wanted = this.#attributes.wanted(entry, found, true);
    let mode = this.#attributes.modeFor(entry, isNew ? undefined : found);
    // A new directory is in the group of its parent where the parent asks for that.
    if (isNew && !this.#session.options.perms) mode |= found.mode & 0o2000;
    // Its owner has to get in until its contents are in place.
    wanted.mode = process.geteuid?.() === 0 ? mode : mode | 0o700;
    const complete = this.#attributes.apply(entry, path, wanted, found);
    // As in rsync, the times of what a kept link leads to are not set again.
    if (!path.endsWith('/')) this.#touchUp.push({ entry, mode, complete });
  }
}
