import { posix } from 'node:path';
import {
  absolutePath,
  DestinationRoot,
  type FileStat,
  joinPath,
  lstat,
  stat,
} from '@deltawire/filesystem';
import type { FileEntry } from '@deltawire/protocol';
import type { FakeSuper } from '../fake-super.ts';
import { clipToModule, type IsHidden, nameInModule } from '../module-rules.ts';
import type { AlternateKind } from '../options.ts';
import type { Session } from '../session.ts';
import { isDirectory, sameKind } from './kinds.ts';
import type { QuickCheck } from './quick-check.ts';

/** How much of an entry an alternate directory has (docs/spec/data.md §8.4). */
export const AlternateLevel = {
  /** Something of the same type: a basis for a delta. */
  SAME_TYPE: 1,
  /** The same content. */
  SAME_CONTENT: 2,
  /** The same attributes as well. */
  SAME_ALL: 3,
} as const;

/** The best that the alternate directories have for an entry. */
export interface AlternateMatch {
  readonly level: (typeof AlternateLevel)[keyof typeof AlternateLevel];
  /** Which directory, in the order of the command line. */
  readonly index: number;
  readonly path: string;
  readonly stat: FileStat;
}

/** What alternate directories are looked up with. */
export interface AlternatesSetup {
  readonly session: Session;
  /** The destination's directory: relative alternates are relative to it. */
  readonly destination: string;
  readonly check: QuickCheck;
  readonly isHidden: IsHidden | undefined;
  /** A daemon's module: nothing outside is looked at. */
  readonly moduleRoot: string | undefined;
  /** The destination is not there, as this is a dry run. */
  readonly imagined: boolean;
}

/** One alternate directory: `prefix` below `root`, or undefined where there is none. */
interface AlternateDirectory {
  readonly root: DestinationRoot;
  readonly prefix: string;
}

/** The directories of `--compare-dest`, `--copy-dest` or `--link-dest`. */
export class Alternates {
  readonly kind: AlternateKind | undefined;
  readonly #check: QuickCheck;
  readonly #isHidden: IsHidden | undefined;
  readonly #fake: FakeSuper | undefined;
  readonly #directories: readonly (AlternateDirectory | undefined)[];

  /** Warns of directories that are not there. */
  constructor(setup: AlternatesSetup) {
    const { altDest, altDestDirs, listOnly } = setup.session.options;
    this.kind = altDest;
    this.#check = setup.check;
    this.#isHidden = setup.isHidden;
    this.#fake = setup.session.fake;
    this.#directories = listOnly ? [] : altDestDirs.map((argument) => open(setup, argument));
  }

  /** How many were given. */
  get count(): number {
    return this.#directories.length;
  }

  /** The best match for an entry whose name at the destination is `name`; `atLeast` is the level needed. */
  find(entry: FileEntry, name: string, atLeast: number): AlternateMatch | undefined {
    let best: AlternateMatch | undefined;
    for (let index = 0; index < this.#directories.length; index++) {
      const found = this.look(index, name);
      if (found === undefined || !sameKind(found.stat.mode, entry.mode)) continue;
      const level = this.#levelOf(entry, found.path, found.stat);
      if (level < atLeast || level <= (best?.level ?? 0)) continue;
      best = { level, index, ...found };
      if (level === AlternateLevel.SAME_ALL) break;
    }
    return best;
  }

  /**
   * What a name that is about to become a link to `target` is compared with, as if it had been there:
   * with `--link-dest` only that very file.
   */
  findForLink(
    entry: FileEntry,
    name: string,
    target: FileStat | undefined,
  ): { path: string; stat: FileStat } | undefined {
    for (let index = 0; index < this.#directories.length; index++) {
      const found = this.look(index, name);
      if (found === undefined || !sameKind(found.stat.mode, entry.mode)) continue;
      const { stat: it, path } = found;
      const fits =
        this.kind === 'link'
          ? it.ino === target?.ino && it.dev === target.dev
          : this.#levelOf(entry, path, it) === AlternateLevel.SAME_ALL;
      if (fits) return found;
    }
    return undefined;
  }

  /** What directory `index` has under a name; nothing where that leads out of a daemon's module. */
  look(index: number, name: string): { path: string; stat: FileStat } | undefined {
    const path = this.pathIn(index, name);
    if (path === undefined) return undefined;
    try {
      const found = lstat(path);
      if (found === undefined || this.#isHidden?.(path, found.type === 'directory'))
        return undefined;
      return { path, stat: this.#fake?.see(path, found) ?? found };
    } catch {
      return undefined; // what cannot be looked at is no basis
    }
  }

  /** The path of a name in directory `index`, whose parents have been checked. */
  pathIn(index: number, name: string): string | undefined {
    const directory = this.#directories[index];
    if (directory === undefined) return undefined;
    try {
      return directory.root.resolve(joinPath(directory.prefix, name));
    } catch {
      return undefined;
    }
  }

  #levelOf(entry: FileEntry, path: string, found: FileStat): AlternateMatch['level'] {
    if (!isDirectory(entry.mode) && !this.#check.matches(entry, path, found)) {
      return AlternateLevel.SAME_TYPE;
    }
    const same = this.#check.sameAttributes(entry, path, found);
    return same ? AlternateLevel.SAME_ALL : AlternateLevel.SAME_CONTENT;
  }
}

function open(setup: AlternatesSetup, argument: string): AlternateDirectory | undefined {
  const { session, destination, isHidden, moduleRoot } = setup;
  const absolute = argument.startsWith('/');
  let directory: AlternateDirectory;
  let path: string;
  let shown: string;
  if (moduleRoot === undefined) {
    path = absolute ? argument : joinPath(destination, argument);
    shown = absolute ? argument : joinPath(absolutePath(destination), argument);
    if (setup.imagined && !absolute) {
      // A dry run does not make the destination that `..` would lead out of.
      shown = posix.normalize(shown);
      path = shown;
    }
    if (!isAllowed(session, path)) return undefined;
    directory = { root: new DestinationRoot(path, { followDirlinks: true }), prefix: '' };
  } else {
    const inside = nameInModule(destination, moduleRoot) ?? '';
    const name = clipToModule(absolute ? argument : `${inside}/${argument}`);
    path = joinPath(moduleRoot, name);
    shown = `/${name === '.' ? '' : name}`;
    const root = new DestinationRoot(moduleRoot, { followDirlinks: true, confine: true });
    directory = { root, prefix: name };
  }
  const found = isHidden?.(path, true) === true ? undefined : statIfReachable(path);
  if (found?.type === 'directory') return directory;
  const what = found === undefined ? 'does not exist' : 'is not a dir';
  session.warn(`--${session.options.altDest}-dest arg ${what}: ${shown}\n`);
  return undefined;
}

/** As in rsync, one that must not be looked at is as one without anything in it. */
function isAllowed(session: Session, path: string): boolean {
  try {
    session.checkOption(path, true);
    return true;
  } catch {
    return false;
  }
}

function statIfReachable(path: string): FileStat | undefined {
  try {
    return stat(path);
  } catch {
    return undefined;
  }
}
