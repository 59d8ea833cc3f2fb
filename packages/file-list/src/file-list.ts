import type { FileEntry } from '@deltawire/protocol';
import { compareEntries, isDirectoryEntry, sortedOrder } from './order.ts';
import type { SourceRoot } from './source-root.ts';

/** What a file list is made from. */
export interface FileListInit {
  /** Index of the first entry on the wire. */
  readonly start: number;
  /** Entries in the order they were sent. */
  readonly wire: readonly FileEntry[];
  readonly directorySort: boolean;
  /** Indexes follow the order of `wire`: the two sides sort other names (`--iconv`). @default false */
  readonly wireIndexes?: boolean | undefined;
  /** Index in the directory list of the directory it lists, -1 for the first list. @default -1 */
  readonly directory?: number;
  /** Entries in the lists before this one. @default 0 */
  readonly entriesBefore?: number;
  /** Sending side: where each entry lives, in the order of `wire`; or one for all. */
  readonly roots?: SourceRoot | readonly SourceRoot[];
}

/**
 * One list of files: the whole transfer, or with incremental recursion one directory. An entry's
 * *position* is its place after sorting; on the wire it is named by `ndxOf(position)`, which is
 * `start + position` unless both sides convert names. Hard links refer to the order before sorting
 * (docs/spec/data.md §3.12).
 */
export class FileList {
  readonly start: number;
  readonly directory: number;
  /** Entries in the lists before this one. */
  readonly entriesBefore: number;
  /** In the order they travel. */
  readonly wire: readonly FileEntry[];
  /** Sorted, duplicates included. */
  readonly entries: readonly FileEntry[];
  readonly #directorySort: boolean;
  readonly #wireIndexes: boolean;
  readonly #roots: SourceRoot | readonly SourceRoot[] | undefined;
  /** Wire place of each position; undefined when the two orders are the same. */
  readonly #order: Uint32Array | undefined;
  #positions: Uint32Array | undefined;
  #dropped: Uint8Array | undefined;

  constructor(init: FileListInit) {
    this.start = init.start;
    this.directory = init.directory ?? -1;
    this.entriesBefore = init.entriesBefore ?? 0;
    this.wire = init.wire;
    this.#directorySort = init.directorySort;
    this.#roots = init.roots;
    this.#wireIndexes = init.wireIndexes === true;
    this.#order = this.#wireIndexes
      ? orderOfUsable(init.wire, init.directorySort)
      : sortedOrder(init.wire, init.directorySort);
    this.entries =
      this.#order === undefined
        ? init.wire
        : Array.from(this.#order, (index) => init.wire[index] as FileEntry);
  }

  get length(): number {
    return this.entries.length;
  }

  /** The first index behind the list. */
  get end(): number {
    return this.start + this.entries.length;
  }

  /** The gap index that names the directory this list describes; -1 without incremental recursion. */
  get parentNdx(): number {
    return this.start - 1;
  }

  /** The index that names the entry at a position. */
  ndxOf(position: number): number {
    return this.#wireIndexes ? this.wireIndexOf(position) : this.start + position;
  }

  /** The position of what an index of this list names. */
  positionOf(ndx: number): number {
    return this.#wireIndexes ? this.positionOfWire(ndx) : ndx - this.start;
  }

  /** The position that comes `place`-th where directories are numbered. */
  numberedAt(place: number): number {
    return this.#wireIndexes ? this.positionOfWire(this.start + place) : place;
  }

  /** The wire index, in sending order, of the entry at a position. */
  wireIndexOf(position: number): number {
    return this.start + (this.#order?.[position] ?? position);
  }

  /** The position of the entry that was sent `wireIndex - start` entries after the first. */
  positionOfWire(wireIndex: number): number {
    const place = wireIndex - this.start;
    if (this.#order === undefined) return place;
    if (this.#positions === undefined) {
      this.#positions = new Uint32Array(this.#order.length);
      for (const [position, at] of this.#order.entries()) this.#positions[at] = position;
    }
    return this.#positions[place] ?? -1;
  }

  /** Whether it is known where its entries live. */
  get hasRoots(): boolean {
    return this.#roots !== undefined;
  }

  /** Sending side: where the entry at a position lives. */
  rootOf(position: number): SourceRoot {
    const roots = this.#roots;
    const root = isMany(roots) ? roots[this.#order?.[position] ?? position] : roots;
    if (root === undefined) throw new RangeError(`no source for position ${position}`);
    return root;
  }

  /** Whether the entry at a position must not be processed (a duplicate or pruned). */
  isDropped(position: number): boolean {
    return this.#dropped !== undefined && this.#dropped[position] === 1;
  }

  /** Take an entry out of processing; it keeps its index. */
  drop(position: number): void {
    this.#dropped ??= new Uint8Array(this.entries.length);
    this.#dropped[position] = 1;
  }

  /**
   * Receiving side: drop all but one of the entries that name the same thing. Directories win against
   * others, else the first that was sent; a directory that is kept gains what the other one had
   * (docs/spec/data.md §4.4).
   */
  dropDuplicates(): void {
    let kept = -1;
    for (let position = 0; position < this.entries.length; position++) {
      const entry = this.entries[position] as FileEntry;
      if (isUnusable(entry)) {
        this.drop(position);
        continue;
      }
      const rival = this.#rivalOf(position, kept);
      if (rival < 0) {
        kept = position;
        continue;
      }
      const other = this.entries[rival] as FileEntry;
      if (isDirectoryEntry(entry) && !isDirectoryEntry(other)) {
        this.drop(rival);
        kept = position;
      } else {
        if (isDirectoryEntry(entry) && isDirectoryEntry(other)) mergeDirectory(other, entry);
        this.drop(position);
      }
    }
  }

  /** Position of the kept entry that the one at `position` repeats, or -1. */
  #rivalOf(position: number, kept: number): number {
    const entry = this.entries[position] as FileEntry;
    if (kept >= 0) {
      const last = this.entries[kept] as FileEntry;
      if (compareEntries(last, entry, this.#directorySort) === 0) return kept;
    }
    if (!this.#directorySort || !isDirectoryEntry(entry)) return -1;
    const namesake = this.#find(entry.name, position);
    return namesake >= 0 && !this.isDropped(namesake) ? namesake : -1;
  }

  /** First position before `end` of a non-directory called `name`, or -1. */
  #find(name: string, end: number): number {
    const wanted = { name, mode: 0 } as FileEntry;
    let low = 0;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.entries[middle] as FileEntry;
      if (compareEntries(entry, wanted, this.#directorySort) < 0) low = middle + 1;
      else high = middle;
    }
    const found = this.entries[low];
    return low < end && found?.name === name && !isDirectoryEntry(found) ? low : -1;
  }

  /**
   * `--prune-empty-dirs` on the receiving side: drop directories with nothing but directories below,
   * except the root and those (with their parents) that `isKept` wants.
   */
  pruneEmptyDirectories(isKept: (name: string) => boolean): void {
    // Backwards, so that every directory comes after what is in it.
    const full = new Set<string>();
    for (let position = this.entries.length - 1; position >= 0; position--) {
      if (this.isDropped(position)) continue;
      const { name } = this.entries[position] as FileEntry;
      const isDirectory = isDirectoryEntry(this.entries[position] as FileEntry);
      if (isDirectory && name !== '.' && !full.has(name) && !isKept(name)) this.drop(position);
      else full.add(name.slice(0, Math.max(0, name.lastIndexOf('/'))));
    }
  }
}

/** Whether a name came that this side's charset does not have: only its index counts. @internal */
export function isUnusable(entry: FileEntry): boolean {
  return entry.name === '';
}

/** Sorted, and what is unusable behind it, where it disturbs nobody. */
function orderOfUsable(
  wire: readonly FileEntry[],
  directorySort: boolean,
): Uint32Array | undefined {
  if (!wire.some(isUnusable)) return sortedOrder(wire, directorySort);
  const places = [...wire.keys()];
  const usable = places.filter((place) => !isUnusable(wire[place]!));
  const entries = usable.map((place) => wire[place]!);
  const order = sortedOrder(entries, directorySort) ?? usable.keys();
  const sorted = Array.from(order, (at) => usable[at]!);
  return Uint32Array.from([...sorted, ...places.filter((place) => isUnusable(wire[place]!))]);
}

function isMany(
  roots: SourceRoot | readonly SourceRoot[] | undefined,
): roots is readonly SourceRoot[] {
  return Array.isArray(roots);
}

/** `kept` becomes an argument, gets contents and stops being implied if `other` is (not). */
function mergeDirectory(kept: FileEntry, other: FileEntry): void {
  const isImplied = (entry: FileEntry): boolean => entry.topDir && entry.noContent;
  const isArgument = (entry: FileEntry): boolean => entry.topDir && !entry.noContent;
  const stillImplied = isImplied(kept) && isImplied(other);
  const argument = isArgument(kept) || isArgument(other);
  const content = !kept.noContent || !other.noContent;
  kept.topDir = stillImplied || argument;
  kept.noContent = !content;
}
