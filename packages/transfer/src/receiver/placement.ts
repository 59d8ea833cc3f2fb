import { lstat } from '@deltawire/filesystem';
import type { FileEntry } from '@deltawire/protocol';
import type { IsHidden } from '../module-rules.ts';
import type { Session } from '../session.ts';
import type { Destination } from './destination.ts';
import { isDirectory, parentOf } from './kinds.ts';

/** Names of directories; tells whether a name lies in one of them. */
class Directories {
  readonly #names: Set<string> = new Set();

  add(name: string): void {
    this.#names.add(name);
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  contains(name: string): boolean {
    if (this.#names.size === 0) return false;
    for (let parent = parentOf(name); parent !== ''; parent = parentOf(parent)) {
      if (this.#names.has(parent)) return true;
    }
    return false;
  }
}

/** Where each entry goes at the destination, and which entries have no place there. */
export class Placement {
  /** Directories that could not be made, or are left out: nothing is done inside. */
  readonly leftOut: Directories = new Directories();
  /** Directories that a dry run does not make: nothing is inside. */
  readonly imagined: Directories = new Directories();
  readonly #session: Session;
  readonly #destination: Destination;
  readonly #isHidden: IsHidden | undefined;

  constructor(session: Session, destination: Destination, isHidden: IsHidden | undefined) {
    this.#session = session;
    this.#destination = destination;
    this.#isHidden = isHidden;
  }

  /** Its name below the destination. */
  nameOf(entry: FileEntry): string {
    return this.#destination.nameOf(entry);
  }

  /** Its path, whose directory has been checked. Throws `ELOOP` when that leads through a symlink. */
  pathFor(entry: FileEntry): string {
    return this.pathOfName(this.nameOf(entry));
  }

  /** The same for a name below the destination. */
  pathOfName(name: string): string {
    const { root } = this.#destination;
    try {
      return root.resolve(name);
    } catch (cause) {
      // What the kernel says where rsync lets it look after this.
      throw Object.assign(new Error('ELOOP', { cause }), { code: 'ELOOP', errno: -40 });
    }
  }

  /** Its path as it stands, for messages and for what is not there. */
  uncheckedPathFor(entry: FileEntry): string {
    return this.#destination.root.pathOf(this.nameOf(entry));
  }

  /** Whether nothing can be there, because a dry run did not make the directory. */
  isImaginary(entry: FileEntry): boolean {
    return this.#destination.missing || this.imagined.contains(entry.name);
  }

  /** The destination itself did not exist before this run. */
  isNewRoot(entry: FileEntry): boolean {
    return this.#destination.created && this.nameOf(entry) === '.';
  }

  /** Whether a daemon's own rules keep this entry out; the client is told. */
  refuses(entry: FileEntry): boolean {
    if (!this.isHidden(entry)) return false;
    const what = isDirectory(entry.mode) ? 'directory' : 'file';
    this.#session.transferError(`ERROR: daemon refused to receive ${what} "${entry.name}"\n`);
    return true;
  }

  isHidden(entry: FileEntry): boolean {
    return this.#isHidden?.(this.uncheckedPathFor(entry), isDirectory(entry.mode)) === true;
  }

  /**
   * Whether something that is no directory stands where the entry's directory should be: it was left
   * there, so that what goes inside fails.
   */
  hasDirectory(entry: FileEntry): boolean {
    const parent = parentOf(this.nameOf(entry));
    if (parent === '') return true;
    const found = lstat(this.#destination.root.pathOf(parent));
    return found === undefined || found.type === 'directory' || found.type === 'symlink';
  }
}
