import {
  applyChmod,
  type ChmodRule,
  clipSymlink,
  type FileList,
  type FileListStore,
  type IdMapper,
} from '@deltawire/file-list';
import type { FilterScope } from '@deltawire/filters';
import {
  ExitCode,
  type FileEntry,
  FileEntryReader,
  ProtocolError,
  readIdList,
} from '@deltawire/protocol';
import { entryCodecOptions } from '../entry-options.ts';
import type { Session } from '../session.ts';
import { countKind } from '../stats.ts';
import type { AclPolicy } from './acl-policy.ts';
import { isDirectory, isRegular, isSymlink, parentOf } from './kinds.ts';
import type { XattrPolicy } from './xattr-policy.ts';

/** What makes a link useless until it is taken away again: `--munge-links`, `munge symlinks`. */
const MUNGE_PREFIX = '/rsyncd-munged/';

/** What the list reader works with. */
export interface ListReaderSetup {
  readonly session: Session;
  readonly store: FileListStore;
  readonly users: IdMapper;
  readonly groups: IdMapper;
  /** `--chmod`, when this side is the client. */
  readonly chmod: readonly ChmodRule[];
  /** Throws when the sender may not send this name (docs/spec/data.md §12.8). */
  readonly checkName: (entry: FileEntry) => void;
  /** Links must not lead out of the transfer. */
  readonly clipsLinks: boolean;
  readonly xattrs: XattrPolicy | undefined;
  readonly acls: AclPolicy | undefined;
  /** Rules that protect directories from being pruned. */
  readonly filter: FilterScope;
}

/** Reads file lists from the wire and makes them this side's own: ids mapped, modes adjusted. */
export class ListReader {
  readonly #setup: ListReaderSetup;
  readonly #reader: FileEntryReader;
  readonly #umask: number = process.umask();

  constructor(setup: ListReaderSetup) {
    const { session } = setup;
    this.#setup = setup;
    this.#reader = new FileEntryReader(session.agreement.dialect, entryCodecOptions(session));
  }

  /** Read the next list: the first one, or that of directory number `directory`. */
  async read(directory?: number): Promise<FileList> {
    const { session, store } = this.#setup;
    const { wire, stats } = session;
    const since = performance.now();
    const bytesBefore = wire.bytesRead;
    if (directory !== undefined) store.checkAnnounced(directory);
    this.#reader.beginList(store.nextStart);
    const entries: FileEntry[] = [];
    const readOne = (
      r: Parameters<FileEntryReader['read']>[0],
    ): ReturnType<FileEntryReader['read']> => this.#reader.read(r);
    for (;;) {
      const value = wire.attempt(readOne);
      if (value === undefined) {
        await wire.fill();
        continue;
      }
      if ('end' in value) {
        session.ioError |= value.ioError & 7;
        break;
      }
      entries.push(value);
    }
    if (directory === undefined) await this.#readTrailer();
    stats.listSize += wire.bytesRead - bytesBefore;
    if (session.server) stats.listTransferMs += performance.now() - since;
    for (const entry of entries) {
      // Without a name, which this side's charset does not have, only its index counts.
      if (entry.name !== '') this.#adopt(entry);
    }
    const list = store.add(entries, {
      ...(directory === undefined ? {} : { directory }),
      prepare: (added) => {
        if (session.options.pruneEmptyDirs) this.#prune(added);
      },
    });
    if (directory === undefined && !session.options.relative) checkParents(list);
    return list;
  }

  /** The sender has announced the end of lists. */
  end(): void {
    const { store } = this.#setup;
    if (store.complete) {
      throw new ProtocolError('the file lists ended twice', { exitCode: ExitCode.PROTOCOL });
    }
    store.endOfLists();
  }

  /** Names of ids, and the error bits, follow a list that is sent at once (docs/spec/data.md §3.11). */
  async #readTrailer(): Promise<void> {
    const { session, users, groups } = this.#setup;
    const { wire, options, agreement } = session;
    const { dialect } = agreement;
    if (!dialect.incRecurse && !options.numericIds) {
      if (options.owner || options.acls)
        users.addNames(await wire.read((r) => readIdList(r, dialect)));
      if (options.group || options.acls)
        groups.addNames(await wire.read((r) => readIdList(r, dialect)));
    }
    if (!dialect.ioErrorMessages) session.ioError |= (await wire.read((r) => r.i32())) & 7;
  }

  #adopt(entry: FileEntry): void {
    const { session, users, groups, chmod, checkName } = this.#setup;
    const { options, stats } = session;
    checkName(entry);
    if (isSymlink(entry.mode)) {
      if (options.mungeLinks) entry.linkTarget = MUNGE_PREFIX + entry.linkTarget;
      else if (this.#setup.clipsLinks) entry.linkTarget = clipSymlink(entry.linkTarget, entry.name);
    }
    if (options.owner) entry.uid = users.map(entry.uid, entry.userName);
    if (options.group) entry.gid = groups.map(entry.gid, entry.groupName);
    if (chmod.length > 0 && !isSymlink(entry.mode) && entry.mode !== 0) {
      entry.mode = applyChmod(chmod, entry.mode, isDirectory(entry.mode), this.#umask);
    }
    const { xattrs, acls } = this.#setup;
    if (acls !== undefined) entry.acls = acls.adopt(entry.acls);
    if (xattrs !== undefined) entry.xattrs = xattrs.adopt(entry.xattrs);
    countKind(stats.files, entry.mode);
    if (isRegular(entry.mode) || isSymlink(entry.mode)) stats.totalSize += entry.size;
  }

  /** `--prune-empty-dirs`: directories without anything below go (docs/spec/data.md §4.4). */
  #prune(list: FileList): void {
    const { filter } = this.#setup;
    const needed = new Set<string>();
    for (let i = list.length - 1; i >= 0; i--) {
      const entry = list.entries[i]!;
      if (list.isDropped(i) || entry.name === '.') continue;
      const dir = isDirectory(entry.mode);
      const kept = !dir || needed.has(entry.name) || filter.decide(entry.name, true) === 'exclude';
      if (!kept) list.drop(i);
      else for (let p = parentOf(entry.name); p !== ''; p = parentOf(p)) needed.add(p);
    }
  }
}

/**
 * Every entry must lie in a directory of the list: a name below a symlink or a file of the same
 * list would otherwise be written through it.
 */
function checkParents(list: FileList): void {
  let last = '';
  const directories = new Set<string>();
  for (const [i, entry] of list.entries.entries()) {
    if (!list.isDropped(i) && isDirectory(entry.mode)) directories.add(entry.name);
  }
  for (const [i, entry] of list.entries.entries()) {
    const parent = parentOf(entry.name);
    if (parent === '' || parent === last || list.isDropped(i)) continue;
    if (!directories.has(parent)) {
      throw new ProtocolError(
        `ABORTING due to invalid path from sender: ${entry.name} (its directory is not in the list)`,
        { exitCode: ExitCode.UNSUPPORTED },
      );
    }
    last = parent;
  }
}
