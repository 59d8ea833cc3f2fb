import { type FileStat, readLink } from '@deltawire/filesystem';
import type { FileEntry } from '@deltawire/protocol';
import { fileDigest, sameBytes } from '../file-digest.ts';
import type { Session } from '../session.ts';
import type { AttributePolicy } from './attributes.ts';
import { isDirectory, isRegular, isSpecial, isSymlink, sameKind } from './kinds.ts';

/** Whether what is at `path` counts as having the entry's content (docs/spec/data.md §8.3). */
export class QuickCheck {
  readonly #session: Session;
  readonly #attributes: AttributePolicy;

  constructor(session: Session, attributes: AttributePolicy) {
    this.#session = session;
    this.#attributes = attributes;
  }

  /** `found` is the state of `path`. */
  matches(entry: FileEntry, path: string, found: FileStat): boolean {
    if (isRegular(entry.mode))
      return found.type === 'file' && this.#fileMatches(entry, path, found);
    if (!sameKind(found.mode, entry.mode)) return false;
    if (isSymlink(entry.mode)) {
      const target = this.#session.fake?.linkTarget(path, found) ?? readLink(path);
      return target === entry.linkTarget;
    }
    if (isDirectory(entry.mode) || isSpecial(entry.mode)) return true;
    return found.rdevMajor === entry.rdevMajor && found.rdevMinor === entry.rdevMinor;
  }

  /** Whether the attributes that are preserved are equal too. */
  sameAttributes(entry: FileEntry, path: string, found: FileStat): boolean {
    const same = this.#attributes.isSame(entry, path, found);
    if (!same || !isDirectory(entry.mode)) return same;
    // Also with --omit-dir-times, as in rsync.
    return !this.#session.options.times || this.#attributes.sameTime(entry, found);
  }

  #fileMatches(entry: FileEntry, path: string, found: FileStat): boolean {
    const { options, agreement } = this.#session;
    if (found.size !== entry.size) return false;
    if (options.checksum) {
      if (entry.checksum === undefined) return false;
      try {
        const digest = fileDigest(path, agreement.fileChecksum, options.openNoatime);
        return sameBytes(digest, entry.checksum);
      } catch {
        return false;
      }
    }
    if (options.sizeOnly) return true;
    if (options.ignoreTimes) return false;
    return this.#attributes.sameTime(entry, found);
  }
}
