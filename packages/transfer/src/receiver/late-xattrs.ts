import { type FileStat, lstat } from '@deltawire/filesystem';
import type { FileEntry } from '@deltawire/protocol';
import type { AttributePolicy } from './attributes.ts';
import type { Destination } from './destination.ts';
import { isDirectory } from './kinds.ts';
import type { XattrPolicy } from './xattr-policy.ts';

/**
 * Extended attributes of items that need no data: as the long ones come with the answer, it is the
 * receiver that sets them (docs/spec/data.md §10.3).
 */
export class LateXattrs {
  readonly #xattrs: XattrPolicy;
  readonly #attributes: AttributePolicy;
  readonly #destination: Destination;

  constructor(xattrs: XattrPolicy, attributes: AttributePolicy, destination: Destination) {
    this.#xattrs = xattrs;
    this.#attributes = attributes;
    this.#destination = destination;
  }

  /** Read what follows an item's header. */
  async read(entry: FileEntry, iflags: number): Promise<void> {
    await this.#xattrs.readValues(entry, iflags);
  }

  /** Set the attributes of an item that is in place, and its exact time. */
  apply(entry: FileEntry, iflags: number): void {
    if (!this.#xattrs.isDue(entry, iflags)) return;
    const { root, nameOf } = this.#destination;
    let path: string;
    let found: FileStat | undefined;
    try {
      path = root.resolve(nameOf(entry));
      found = lstat(path);
      // With `--keep-dirlinks` a link to a directory is that directory.
      if (isDirectory(entry.mode) && found?.type === 'symlink') path += '/';
    } catch {
      return; // what could not be made was reported
    }
    if (found === undefined) return;
    this.#xattrs.applyAt(entry, path, found, path);
    if (!this.#attributes.keepsTimes(entry)) return;
    const { mtime, mtimeNs } = entry;
    this.#attributes.apply(entry, path, { mtime, mtimeNs }, found, 'receiver');
  }

  /** The answer to the item will not come. */
  unanswered(entry: FileEntry): void {
    this.#xattrs.unanswered(entry);
  }
}
