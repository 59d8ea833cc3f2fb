import { baseName, type FileStat, joinPath, lstat, readDirectory } from '@deltawire/filesystem';
import { BasisType, type FileEntry } from '@deltawire/protocol';
import type { IsHidden } from '../module-rules.ts';
import type { TransferOptions } from '../options.ts';
import type { Alternates } from './alternates.ts';
import type { AttributePolicy } from './attributes.ts';
import { FUZZY_LIMIT, fuzzyScore } from './fuzzy-score.ts';
import { parentOf } from './kinds.ts';
import type { Placement } from './placement.ts';
import type { Basis } from './state.ts';

/** What similar files are looked for with. */
export interface SimilarFilesSetup {
  readonly options: TransferOptions;
  readonly placement: Placement;
  readonly attributes: AttributePolicy;
  readonly alternates: Alternates;
  readonly isHidden: IsHidden | undefined;
}

/** A file that another one may be built on. */
interface Candidate {
  readonly name: string;
  readonly path: string;
  readonly stat: FileStat;
}

/** The candidates of one place, in order of their names, and the basis type byte they have. */
interface Place {
  readonly type: number;
  readonly candidates: readonly Candidate[];
}

/**
 * `--fuzzy`: a missing file is built on one of a similar name in the same directory (docs/spec/data.md
 * §8.8). What a directory holds is read when its first missing file is met, and is not read again.
 */
export class SimilarFiles {
  readonly #setup: SimilarFilesSetup;
  /** The directory whose files are known, and what they are. */
  #directory: string | undefined;
  #places: readonly Place[] = [];
  /** Names of that directory that are being replaced since. */
  readonly #changing: Set<string> = new Set();
  /** What was found ahead of its turn, by ndx. */
  readonly #ahead: Map<number, Basis | undefined> = new Map();

  constructor(setup: SimilarFilesSetup) {
    this.#setup = setup;
  }

  get enabled(): boolean {
    return this.#setup.options.fuzzy > 0;
  }

  /** The most similar file for an entry whose turn it is. */
  find(ndx: number, entry: FileEntry): Basis | undefined {
    if (!this.enabled) return undefined;
    const name = this.#setup.placement.nameOf(entry);
    if (!this.#knows(name)) this.#read(parentOf(name));
    const known = this.#ahead.has(ndx);
    const ahead = this.#ahead.get(ndx);
    this.#ahead.delete(ndx);
    if (known && (ahead?.type !== BasisType.FUZZY || !this.#changing.has(ahead.xname ?? ''))) {
      return ahead;
    }
    return this.#choose(entry, baseName(name));
  }

  /** The same before its turn: only in a directory that is known already, so that nothing depends on it. */
  findAhead(ndx: number, entry: FileEntry): Basis | undefined {
    const name = this.#setup.placement.nameOf(entry);
    if (!this.enabled || !this.#knows(name)) return undefined;
    const basis = this.#choose(entry, baseName(name));
    this.#ahead.set(ndx, basis);
    return basis;
  }

  /** An existing file is about to be replaced: it is no basis for others any more. */
  replaces(entry: FileEntry): void {
    if (!this.enabled) return;
    const name = this.#setup.placement.nameOf(entry);
    if (this.#knows(name)) this.#changing.add(baseName(name));
  }

  #knows(name: string): boolean {
    return this.#directory === parentOf(name);
  }

  #choose(entry: FileEntry, target: string): Basis | undefined {
    const { attributes } = this.#setup;
    for (const place of this.#places) {
      for (const candidate of place.candidates) {
        if (this.#isChanging(place, candidate)) continue;
        const { stat } = candidate;
        if (stat.size === entry.size && attributes.sameTime(entry, stat)) {
          return asBasis(place, candidate);
        }
      }
    }
    let best = FUZZY_LIMIT;
    let chosen: Basis | undefined;
    for (const place of this.#places) {
      for (const candidate of place.candidates) {
        if (this.#isChanging(place, candidate)) continue;
        const score = fuzzyScore(candidate.name, target, best);
        if (score > best) continue;
        best = score;
        chosen = asBasis(place, candidate);
      }
    }
    return chosen;
  }

  #isChanging({ type }: Place, { name }: Candidate): boolean {
    return type === BasisType.FUZZY && this.#changing.has(name);
  }

  #read(directory: string): void {
    const { options, alternates, placement } = this.#setup;
    this.#directory = directory;
    this.#changing.clear();
    this.#ahead.clear();
    const places: Place[] = [];
    const add = (type: number, find: () => string | undefined): void => {
      const candidates = this.#candidatesOf(find);
      if (candidates.length > 0) places.push({ type, candidates });
    };
    add(BasisType.FUZZY, () => placement.pathOfName(directory === '' ? '.' : `${directory}/.`));
    for (let i = 0; options.fuzzy > 1 && i < alternates.count; i++) {
      add(BasisType.FUZZY + 1 + i, () => alternates.pathIn(i, joinPath(directory, '.')));
    }
    this.#places = places;
  }

  /** Regular files with content; none of a directory that cannot be read. */
  #candidatesOf(find: () => string | undefined): Candidate[] {
    const { isHidden } = this.#setup;
    try {
      const directory = find();
      if (directory === undefined) return [];
      return readDirectory(directory)
        .sort((a, b) => (a < b ? -1 : 1))
        .flatMap((name) => {
          const path = joinPath(directory, name);
          const stat = lstat(path);
          const fits = stat?.type === 'file' && stat.size > 0 && isHidden?.(path, false) !== true;
          return fits ? [{ name, path, stat }] : [];
        });
    } catch {
      return [];
    }
  }
}

const asBasis = ({ type }: Place, { name, path, stat }: Candidate): Basis => ({
  type,
  path,
  stat,
  xname: name,
});
