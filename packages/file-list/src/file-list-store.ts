import { type FileEntry, ProtocolError } from '@deltawire/protocol';
import { DirectoryTable } from './directory-table.ts';
import { FileList, isUnusable } from './file-list.ts';
import { localPath, type SourceRoot } from './source-root.ts';

/** How a session numbers its lists. */
export interface FileListStoreOptions {
  /** Incremental recursion: many lists that start at 1 with gaps between; else one that starts at 0. */
  readonly incremental: boolean;
  /** Protocol 29 and later. */
  readonly directorySort: boolean;
  /** Receiving side: duplicates are dropped and what the peer announces is checked. */
  readonly receiving: boolean;
  /** Indexes follow the order in which entries are sent (`--iconv`). @default false */
  readonly wireIndexes?: boolean | undefined;
  /** Remove the leading slashes of names after sorting: receiving side with `--relative`. */
  readonly stripRoot?: boolean;
}

/** What an index on the wire names. */
export interface Located {
  readonly list: FileList;
  /** -1 for the gap index before a list, which names the directory it lists. */
  readonly position: number;
  readonly entry: FileEntry;
  /** A duplicate (or pruned): must not be processed. */
  readonly dropped: boolean;
}

/**
 * All file lists of a session that are still in use, oldest first, and the list of all directories
 * that incremental recursion numbers (docs/spec/data.md §3.12).
 */
export class FileListStore {
  readonly directories: DirectoryTable = new DirectoryTable();
  readonly #options: FileListStoreOptions;
  #lists: FileList[] = [];
  #entryCount = 0;
  #liveCount = 0;
  #nextStart: number;
  #complete = false;

  constructor(options: FileListStoreOptions) {
    this.#options = options;
    this.#nextStart = options.incremental ? 1 : 0;
  }

  /** Lists in use, oldest first. */
  get lists(): readonly FileList[] {
    return this.#lists;
  }

  get oldest(): FileList | undefined {
    return this.#lists[0];
  }

  get newest(): FileList | undefined {
    return this.#lists.at(-1);
  }

  /** Entries of all lists so far, retired ones included. */
  get entryCount(): number {
    return this.#entryCount;
  }

  /** Entries of the lists in use. */
  get liveCount(): number {
    return this.#liveCount;
  }

  /** The index that the next list will start at. */
  get nextStart(): number {
    return this.#nextStart;
  }

  /** No more lists will come. */
  get complete(): boolean {
    return this.#complete;
  }

  /** NDX_FLIST_EOF was sent or received. */
  endOfLists(): void {
    this.#complete = true;
  }

  /**
   * A list announced as that of directory `d` is about to arrive: throws when there is no such directory,
   * it was listed before, or lists have ended. `add` checks it again.
   */
  checkAnnounced(d: number): void {
    if (this.#complete)
      throw new ProtocolError('file list after the end of lists', { exitCode: 2 });
    if (this.#entryCount > 0 && this.#lists.length === 0) {
      throw new ProtocolError('file list after the last list was retired', { exitCode: 2 });
    }
    const row = this.directories.get(d);
    if (row === undefined) throw new ProtocolError(`no directory ${d} to list`, { exitCode: 2 });
    if (row.listed) throw new ProtocolError(`directory ${d} listed twice`, { exitCode: 2 });
    if (row.dropped) throw new ProtocolError(`directory ${d} is a duplicate`, { exitCode: 2 });
  }

  /**
   * Add the next list. `directory` is the index that announced it (-1 or missing: the first list).
   * On the receiving side throws `ProtocolError` when the peer must not send that.
   */
  add(
    wire: readonly FileEntry[],
    options: {
      directory?: number;
      roots?: SourceRoot | readonly SourceRoot[];
      /** Adjust the list before its directories are numbered, e.g. prune it. */
      prepare?: (list: FileList) => void;
    } = {},
  ): FileList {
    const { receiving, directorySort, stripRoot } = this.#options;
    const directory = options.directory ?? -1;
    if (receiving && directory >= 0) this.checkAnnounced(directory);
    const list = new FileList({
      start: this.#nextStart,
      wire,
      directorySort,
      wireIndexes: this.#options.wireIndexes,
      directory,
      entriesBefore: this.#entryCount,
      ...(options.roots === undefined ? {} : { roots: options.roots }),
    });
    if (receiving) list.dropDuplicates();
    // Sorting takes the slashes into account, everything after it must not.
    if (stripRoot) {
      for (const entry of wire) {
        if (!isUnusable(entry)) entry.name = entry.name.replace(/^\/+/, '') || '.';
      }
    }
    if (receiving && directory >= 0) checkNames(wire, this.directories.get(directory)?.entry.name);
    options.prepare?.(list);
    if (directory >= 0) this.directories.markListed(directory);
    if (this.#options.incremental) this.directories.addBatch(list);
    this.#lists.push(list);
    this.#entryCount += list.length;
    this.#liveCount += list.length;
    this.#nextStart = list.end + 1;
    return list;
  }

  /** Forget the oldest list; its indexes become invalid. */
  retireOldest(): FileList | undefined {
    const list = this.#lists.shift();
    if (list) this.#liveCount -= list.length;
    return list;
  }

  /** What an index names; undefined when it is in no list that is in use. */
  byNdx(ndx: number): Located | undefined {
    const list = this.#listAt(ndx, 1);
    if (list === undefined) return undefined;
    if (ndx < list.start) return this.#locateDirectory(list);
    const position = list.positionOf(ndx);
    const entry = list.entries[position];
    return entry && { list, position, entry, dropped: list.isDropped(position) };
  }

  /** Sending side: the path of what an index names. */
  pathOf({ list, position, entry }: Located): string {
    if (position >= 0) return localPath(list.rootOf(position), entry);
    const root = this.directories.get(list.directory)?.root ?? list.rootOf(0);
    return localPath(root, entry);
  }

  /** What an index in sending order names: the form hard links use. */
  byWireIndex(wireIndex: number): Located | undefined {
    const list = this.#listAt(wireIndex, 0);
    if (list === undefined) return undefined;
    const position = list.positionOfWire(wireIndex);
    const entry = list.entries[position];
    return entry && { list, position, entry, dropped: list.isDropped(position) };
  }

  /** The gap index before a list: the directory it describes. */
  #locateDirectory(list: FileList): Located | undefined {
    if (list.directory >= 0) {
      const row = this.directories.get(list.directory);
      return row && { list, position: -1, entry: row.entry, dropped: row.dropped };
    }
    const first = list.entries[0];
    if (first?.name !== '.' && first?.name !== '/.') return undefined;
    return { list, position: -1, entry: first, dropped: false };
  }

  /** The list that covers an index, `gap` indexes before its start included. */
  #listAt(index: number, gap: number): FileList | undefined {
    let low = 0;
    let high = this.#lists.length;
    const before = this.#options.incremental ? gap : 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#lists[middle] as FileList).end <= index) low = middle + 1;
      else high = middle;
    }
    const list = this.#lists[low];
    return list !== undefined && index >= list.start - before ? list : undefined;
  }
}

/** Every name of a sub-list must be directly in the directory that was announced. */
function checkNames(entries: readonly FileEntry[], directory = ''): void {
  const expected = directory === '.' ? '' : directory;
  for (const { name } of entries) {
    // Nothing is made of an entry without a name.
    if (name === '' || name.slice(0, Math.max(0, name.lastIndexOf('/'))) === expected) continue;
    throw new ProtocolError(`ABORTING due to invalid path from sender: ${name}`, { exitCode: 4 });
  }
}
