import { digestLength } from '@deltawire/checksums';
import {
  applyChmod,
  type FileListStore,
  IdNames,
  type Located,
  parseChmod,
  type ScanMessage,
  type ScannedList,
  SourceScanner,
} from '@deltawire/file-list';
import type { FileStat } from '@deltawire/filesystem';
import type { FilterRule } from '@deltawire/filters';
import {
  type EntryAcls,
  encodeMessageValue,
  FileEntryWriter,
  MessageTag,
  NDX_FLIST_EOF,
  NDX_FLIST_OFFSET,
  NO_ACL,
  writeIdList,
  type XattrList,
} from '@deltawire/protocol';
import { Breather } from '../breather.ts';
import { objectionTo } from '../charset/entry-conversion.ts';
import { entryCodecOptions } from '../entry-options.ts';
import { fileDigest } from '../file-digest.ts';
import { LocalAcls } from '../local-acls.ts';
import { type LocalXattrs, XattrError } from '../local-xattrs.ts';
import type { IsHidden } from '../module-rules.ts';
import { isRegular, isSymlink } from '../receiver/kinds.ts';
import { IoError, type Session } from '../session.ts';
import { countKind } from '../stats.ts';
import { AclLists } from './acl-lists.ts';
import { senderScope } from './source-filter.ts';

/** An argument that does not exist is counted as a file. */
const MISSING_MODE = 0o100000;

/** By the number of the option. */
const MISSING_ARGS = ['report', 'ignore', 'delete'] as const;

/** What the sender is to send. */
export interface SendingJob {
  readonly sources: readonly string[];
  readonly filters: readonly FilterRule[];
  /** Names of `--files-from`. */
  readonly filesFrom: Iterable<string> | undefined;
  /** What a daemon hides. */
  readonly isHidden?: IsHidden | undefined;
  /** Leave out what cannot be read, unless it was asked for by name. */
  readonly ignoreNonreadable?: boolean | undefined;
}

/**
 * The sender's file lists: scans the source, sends list after list as the generator comes nearer,
 * and knows what every index names (docs/spec/data.md §3).
 */
export class SourceLists {
  readonly #session: Session;
  readonly #scanner: SourceScanner;
  readonly #writer: FileEntryWriter;
  readonly #users: IdNames;
  readonly #groups: IdNames;
  readonly #xattrs: LocalXattrs | undefined;
  readonly #breather: Breather = new Breather();
  #live = 0;
  /** Entries in lists that the generator, as far as is known, has not come to. */
  #entriesAhead = 0;
  /** Where the newest list starts that it has come to; it begins with the first. */
  #workedOn = 0;
  #ended = false;

  /** `xattrs`: with `--xattrs`, the attributes of files here. */
  constructor(session: Session, job: SendingJob, xattrs: LocalXattrs | undefined) {
    const { options, agreement } = session;
    this.#session = session;
    const nameless = options.namelessIds === true;
    const { names } = session;
    this.#users = new IdNames((uid) => (nameless ? undefined : names.userName(uid)));
    this.#groups = new IdNames((gid) => (nameless ? undefined : names.groupName(gid)));
    this.#xattrs = xattrs;
    this.#writer = new FileEntryWriter(agreement.dialect, entryCodecOptions(session));
    const chmod = options.chmod === '' ? [] : parseChmod(options.chmod);
    const umask = process.umask();
    const named = !options.numericIds;
    const rules = job.filters;
    const local = LocalAcls.open(session);
    const naming = {
      users: this.#users,
      groups: this.#groups,
      inline: agreement.dialect.incRecurse,
    };
    const acls = local && new AclLists(local, named ? naming : undefined);
    const objection = objectionTo(session);
    this.#scanner = new SourceScanner({
      args: job.sources,
      ...(job.filesFrom === undefined ? {} : { filesFrom: job.filesFrom }),
      dialect: agreement.dialect,
      recursive: options.recursive,
      dirs: options.dirs,
      relative: options.relative,
      impliedDirs: options.impliedDirs,
      links: options.links,
      copyLinks: options.copyLinks,
      copyDirlinks: options.copyDirlinks,
      copyUnsafeLinks: options.copyUnsafeLinks,
      mungeLinks: options.mungeLinks,
      hardLinks: options.hardLinks,
      copyDevices: options.copyDevices,
      oneFileSystem: options.oneFileSystem,
      missingArgs: MISSING_ARGS[options.missingArgs] ?? 'report',
      inlineNames: agreement.dialect.incRecurse && named,
      ...(named && options.owner ? { userNames: this.#users } : {}),
      ...(named && options.group ? { groupNames: this.#groups } : {}),
      ...(chmod.length > 0
        ? { adjustMode: (mode, isDirectory) => applyChmod(chmod, mode, isDirectory, umask) }
        : {}),
      ...(options.checksum ? { checksumOf: (path, { size }) => this.#digest(path, size) } : {}),
      ...(session.fake === undefined ? {} : { standIns: session.fake }),
      ...(acls === undefined ? {} : { aclsOf: (path, stat) => this.#aclsOf(acls, path, stat) }),
      ...(xattrs === undefined ? {} : { xattrsOf: (path, stat) => this.#xattrsOf(path, stat) }),
      ...(rules.length > 0 ? { filterFor: (prefix) => senderScope(session, rules, prefix) } : {}),
      ...(job.isHidden === undefined ? {} : { isHidden: job.isHidden }),
      ...(job.ignoreNonreadable === true ? { ignoreNonreadable: true } : {}),
      ...(objection === undefined ? {} : { objectionTo: objection, wireIndexes: true }),
      checkPath: job.filesFrom === undefined ? session.checkPath : session.checkBound,
      showPath: session.showPath,
      onMessage: (message) => this.#say(message),
    });
  }

  get store(): FileListStore {
    return this.#scanner.store;
  }

  /** io_error bits so far. */
  get ioError(): number {
    return this.#scanner.ioError;
  }

  /** Something went wrong later, while a file was sent. */
  addIoError(bits: number): void {
    this.#scanner.addIoError(bits);
  }

  /** All lists have been sent, and so has their end. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The generator's DONE ends the oldest list, not a phase. */
  get hasListToRetire(): boolean {
    return this.#live > 1 || !this.#ended;
  }

  /** What an index names; undefined when it is in no live list. */
  byNdx(ndx: number): Located | undefined {
    return this.#scanner.store.byNdx(ndx);
  }

  /** Scan what comes first, or everything, and send it. */
  async sendFirst(): Promise<ScannedList> {
    const { options, agreement, wire, stats } = this.#session;
    const { dialect } = agreement;
    const about = {
      kind: 'list',
      protocol: dialect.protocol,
      direction: 'sending',
      incremental: dialect.incRecurse,
    } as const;
    this.#session.emit({ ...about, state: 'start', files: 0 });
    const since = performance.now();
    const steps = this.#scanner.firstListSteps();
    let step = steps.next();
    while (step.done !== true) {
      if (this.#breather.due) await this.#breather.pause();
      step = steps.next();
    }
    const scanned = step.value;
    stats.listBuildMs += performance.now() - since;
    await this.#writeList(scanned);
    this.comeTo(scanned.list.start); // the generator begins with it
    if (!dialect.incRecurse) {
      if (!options.numericIds) {
        if (options.owner || options.acls) writeIdList(wire.out, dialect, names(this.#users));
        if (options.group || options.acls) writeIdList(wire.out, dialect, names(this.#groups));
      }
      if (!dialect.ioErrorMessages) {
        wire.out.i32(options.ignoreErrors ? 0 : scanned.ioError);
      } else if (!dialect.safeFlist && scanned.ioError !== 0 && !options.ignoreErrors) {
        wire.message(MessageTag.IO_ERROR, encodeMessageValue(scanned.ioError));
      }
      this.#ended = true;
    }
    wire.send();
    const files = scanned.list.length;
    this.#session.emit({ ...about, state: 'done', files });
    return scanned;
  }

  async #writeList({ list, ioError }: ScannedList): Promise<void> {
    const { wire, options, stats } = this.#session;
    const before = wire.bytesWritten + wire.out.length;
    for (const entry of list.wire) {
      this.#writer.write(wire.out, entry, list.start);
      countKind(stats.files, entry.mode || MISSING_MODE);
      if (isRegular(entry.mode) || isSymlink(entry.mode)) stats.totalSize += entry.size;
      if (wire.out.length > 64 * 1024) {
        wire.flush();
        if (wire.congested) await wire.drained();
      }
    }
    this.#writer.end(wire.out, options.ignoreErrors ? 0 : ioError);
    stats.listSize += wire.bytesWritten + wire.out.length - before;
    this.#live++;
    this.#entriesAhead += list.length;
  }

  /** The next directory's list, or the end of all lists. */
  async sendNext(): Promise<void> {
    const { wire, ndxOut } = this.#session;
    const scanned = this.#scanner.nextList();
    if (scanned === undefined) {
      ndxOut.write(wire.out, NDX_FLIST_EOF);
      this.#ended = true;
    } else {
      ndxOut.write(wire.out, NDX_FLIST_OFFSET - scanned.list.directory);
      await this.#writeList(scanned);
    }
    wire.send();
  }

  /** Keep enough entries ahead of the generator. */
  async sendAhead(limit: number): Promise<void> {
    const { wire } = this.#session;
    while (!this.#ended && this.#entriesAhead < limit) {
      await this.sendNext();
      if (wire.congested) await wire.drained();
      if (this.#breather.due) await this.#breather.pause();
    }
  }

  /** Whether an idle sender should go on sending lists, `limit` entries ahead. */
  wantsMore(limit: number): boolean {
    return !this.#ended && this.#entriesAhead < limit;
  }

  /** The generator has come to the list that starts at `start`: no list up to it lies ahead. */
  comeTo(start: number): void {
    if (start <= this.#workedOn) return;
    for (const live of this.#scanner.store.lists) {
      if (live.start > start) break;
      if (live.start > this.#workedOn) this.#entriesAhead -= live.length;
    }
    this.#workedOn = start;
  }

  /** The generator is done with the oldest list. */
  retireOldest(): void {
    // What follows the oldest list is being worked on, even when nothing in it is asked for.
    const { lists } = this.#scanner.store;
    const next = lists[1] ?? lists[0];
    if (next !== undefined) this.comeTo(next.start);
    this.#scanner.store.retireOldest();
    this.#live--;
  }

  #say(message: ScanMessage): void {
    const session = this.#session;
    switch (message.kind) {
      case 'system':
        session.transferError(`rsync: [sender] ${message.text}\n`);
        break;
      case 'error':
        session.transferError(`${message.text}\n`);
        break;
      case 'warning':
        session.warn(`${message.text}\n`);
        break;
      case 'info':
        session.say(`${message.text}\n`);
        break;
      case 'symsafe':
        if (session.info('symsafe') > 0) session.say(`${message.text}\n`);
    }
  }

  /** The lists to send, or undefined (and a message) when they cannot be read. */
  #aclsOf(acls: AclLists, path: string, stat: FileStat): EntryAcls | undefined {
    try {
      return acls.of(path, stat) ?? { access: NO_ACL, default: undefined };
    } catch (error) {
      const shown = this.#session.showPath(path).replaceAll('"', '');
      this.addIoError(IoError.GENERAL);
      const what = `get_acl: sys_acl_get_file(${shown}, ACL_TYPE_ACCESS)`;
      this.#session.systemError('sender', what, error);
      return undefined;
    }
  }

  /** The attributes to list, or undefined (and a message) when they cannot be read. */
  #xattrsOf(path: string, { type }: FileStat): XattrList | undefined {
    const session = this.#session;
    const { links, devices, specials } = session.options;
    if (type === 'symlink' && !links) return [];
    if ((type === 'char' || type === 'block') && !devices) return [];
    if ((type === 'fifo' || type === 'socket') && !specials) return [];
    try {
      return this.#xattrs?.read(path);
    } catch (error) {
      if (!(error instanceof XattrError)) throw error;
      const { call, rest, cause } = error;
      this.addIoError(IoError.GENERAL);
      session.systemError('sender', `${call}(${session.showPath(path)},${rest}) failed`, cause);
      return undefined;
    }
  }

  /** Zeros for a file that cannot be read: it then differs from every other. */
  #digest(path: string, size: number): Uint8Array {
    const { fileChecksum } = this.#session.agreement;
    try {
      this.#session.checkPath(path, true);
      const { openNoatime, copyDevices } = this.#session.options;
      // A device may have no end.
      return fileDigest(path, fileChecksum, openNoatime, copyDevices ? size : undefined);
    } catch {
      return new Uint8Array(digestLength(fileChecksum));
    }
  }
}

const names = (ids: IdNames): { entries: { id: number; name: string }[]; id0Name: string } => ({
  entries: ids.list(),
  id0Name: ids.nameOfZero,
});
