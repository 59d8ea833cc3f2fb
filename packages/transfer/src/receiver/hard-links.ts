import type { FileStat } from '@deltawire/filesystem';
import type { FileEntry } from '@deltawire/protocol';
import type { ListState, Wanted } from './state.ts';

/** Names that are one file at the source. */
export interface LinkGroup {
  /** Members of the lists received so far that the generator has not looked at. */
  unseen: number;
  /** The member that is in place: the others become links to it. */
  finished: string | undefined;
  /** In a dry run: what the finished member would be a link to. */
  imagined?: FileStat;
  /** The member whose content is on its way. */
  inFlight: number | undefined;
  /** Those that wait until one is in place. */
  readonly waiting: Wanted[];
  /** Those that an alternate directory has, so that they were not made. */
  readonly elsewhere: Wanted[];
}

/** The hard-link groups of all lists received so far (docs/spec/data.md §3.7, §8.6). */
export class HardLinkGroups {
  readonly #byKey: Map<number | string, LinkGroup> = new Map();
  readonly #byEntry: Map<FileEntry, LinkGroup> = new Map();

  /** Take in the members of a list that has arrived. */
  addList(state: ListState): void {
    const { list } = state;
    for (let position = 0; position < list.length; position++) {
      const entry = list.entries[position]!;
      const link = entry.hardLink;
      if (link === undefined || list.isDropped(position)) continue;
      const key =
        link.kind === 'leader'
          ? list.wireIndexOf(position)
          : link.kind === 'follower'
            ? link.leader
            : `${link.dev}:${link.ino}`;
      let group = this.#byKey.get(key);
      if (group === undefined) {
        group = { unseen: 0, finished: undefined, inFlight: undefined, waiting: [], elsewhere: [] };
        this.#byKey.set(key, group);
      }
      group.unseen++;
      this.#byEntry.set(entry, group);
    }
  }

  /** The group of an entry, counted as seen from now on. */
  visit(entry: FileEntry): LinkGroup | undefined {
    const group = this.#byEntry.get(entry);
    if (group !== undefined) group.unseen--;
    return group;
  }

  of(entry: FileEntry): LinkGroup | undefined {
    return this.#byEntry.get(entry);
  }
}
