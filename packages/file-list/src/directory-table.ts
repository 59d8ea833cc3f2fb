import type { FileEntry } from '@deltawire/protocol';
import { type FileList, isUnusable } from './file-list.ts';
import { isDirectoryEntry } from './order.ts';
import type { SourceRoot } from './source-root.ts';

/** A directory that incremental recursion has a number for. */
export interface DirectoryRow {
  readonly entry: FileEntry;
  /** A duplicate of another one: gets no list. */
  readonly dropped: boolean;
  /** Its list was sent or received. */
  readonly listed: boolean;
  /** Sending side: where it lives. */
  readonly root: SourceRoot | undefined;
}

/**
 * Directories in the order of their numbers: batch by batch as lists arrive, sorted within a batch or,
 * with `--iconv`, as they were sent (docs/spec/data.md §3.12). A directory keeps its number for the whole session.
 */
export class DirectoryTable {
  readonly #rows: (Omit<DirectoryRow, 'listed'> & { listed: boolean })[] = [];

  get length(): number {
    return this.#rows.length;
  }

  /** Undefined when the number was not given yet. */
  get(d: number): DirectoryRow | undefined {
    return this.#rows[d];
  }

  /** Number the directories of a list that was just added; returns the first number. @internal */
  addBatch(list: FileList): number {
    const first = this.#rows.length;
    for (let place = 0; place < list.length; place++) {
      const position = list.numberedAt(place);
      const entry = list.entries[position] as FileEntry;
      if (!isDirectoryEntry(entry)) continue;
      const root = list.hasRoots ? list.rootOf(position) : undefined;
      // One whose name this side cannot have is listed like any other; nothing comes of it.
      const dropped = list.isDropped(position) && !isUnusable(entry);
      this.#rows.push({ entry, dropped, listed: false, root });
    }
    return first;
  }

  /** @internal */
  markListed(d: number): void {
    const row = this.#rows[d];
    if (row) row.listed = true;
  }
}
