import type { FileList } from '@deltawire/file-list';
import { type FileStat, lstat } from '@deltawire/filesystem';
import type { FileEntry } from '@deltawire/protocol';
import type { SignatureCache } from '../pipeline/signature-cache.ts';
import type { Session } from '../session.ts';
import { AlternateLevel, type Alternates } from './alternates.ts';
import type { AttributePolicy } from './attributes.ts';
import type { Destination } from './destination.ts';
import { isDirectory, isRegular } from './kinds.ts';
import type { SimilarFiles } from './similar-files.ts';

/** What the look-ahead works with. */
export interface LookaheadSetup {
  readonly session: Session;
  readonly destination: Destination;
  readonly attributes: AttributePolicy;
  readonly signatures: SignatureCache;
  readonly alternates: Alternates;
  readonly similar: SimilarFiles;
  /** false when no signatures will be needed (whole files). */
  readonly enabled: boolean;
}

/**
 * Looks at the entries that come next and asks for the signatures of those that will need one,
 * before their turn. The window slides: every entry the generator finishes lets one more in. What
 * it has seen of a file is used again at the file's turn, so that nothing is looked at twice.
 */
export class Lookahead {
  readonly #setup: LookaheadSetup;
  readonly #active: boolean;
  readonly #seen: Map<number, FileStat | undefined> = new Map();
  #list: FileList | undefined;
  /** Position of the next entry to look at. */
  #next = 0;

  constructor(setup: LookaheadSetup) {
    const { options } = setup.session;
    this.#setup = setup;
    // With --checksum the decision itself reads the file; without a receiver there is none.
    this.#active =
      setup.enabled && setup.signatures.enabled && !options.dryRun && !options.checksum;
  }

  beginList(list: FileList): void {
    this.#list = list;
    this.#next = 0;
    this.#seen.clear();
  }

  /** Something was replaced or removed: what was seen ahead may no longer hold. */
  invalidate(): void {
    this.#seen.clear();
  }

  /** The state of the destination of the entry at `position`, whose turn it is. */
  statOf(position: number, path: string): FileStat | undefined {
    if (!this.#active) return lstat(path);
    this.#advance(position);
    if (!this.#seen.has(position)) return lstat(path);
    const stat = this.#seen.get(position);
    this.#seen.delete(position);
    return stat;
  }

  #advance(position: number): void {
    const list = this.#list;
    const { signatures } = this.#setup;
    if (list === undefined) return;
    if (this.#next <= position) this.#next = position + 1;
    const end = Math.min(list.length, position + signatures.windowFiles);
    while (this.#next < end && signatures.hasRoom) {
      const ahead = this.#next++;
      if (!list.isDropped(ahead)) this.#look(list, ahead);
    }
  }

  #look(list: FileList, position: number): void {
    const { session, destination, attributes, signatures } = this.#setup;
    const { options } = session;
    const entry = list.entries[position]!;
    if (isDirectory(entry.mode) || !isRegular(entry.mode) || entry.hardLink !== undefined) return;
    let path: string;
    let stat: FileStat | undefined;
    try {
      path = destination.root.resolve(destination.nameOf(entry));
      stat = lstat(path);
    } catch {
      return; // whatever is wrong is reported at the entry's turn
    }
    this.#seen.set(position, stat);
    if (stat === undefined) this.#lookElsewhere(list.ndxOf(position), entry);
    if (stat?.type !== 'file' || stat.size === 0 || options.ignoreExisting) return;
    if (options.update && stat.mtime > entry.mtime) return;
    // What is appended to is not signed, and what is changed in place may be copied away first.
    if (options.append > 0 || (options.inplace && options.backup)) return;
    const differs =
      stat.size !== entry.size ||
      (!options.sizeOnly && (options.ignoreTimes || !attributes.sameTime(entry, stat)));
    if (differs) signatures.request(list.ndxOf(position), path, stat.size);
  }

  /** A missing file may be built on one of an alternate directory, or on a similar one. */
  #lookElsewhere(ndx: number, entry: FileEntry): void {
    const { alternates, similar, destination, signatures, session } = this.#setup;
    if (session.options.existing) return;
    const name = destination.nameOf(entry);
    const match =
      alternates.count === 0 ? undefined : alternates.find(entry, name, AlternateLevel.SAME_TYPE);
    if (match !== undefined && match.level !== AlternateLevel.SAME_TYPE) return;
    const basis = match ?? similar.findAhead(ndx, entry);
    if (basis !== undefined && basis.stat.size > 0) {
      signatures.request(ndx, basis.path, basis.stat.size);
    }
  }
}
