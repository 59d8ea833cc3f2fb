import { digestLength } from '@deltawire/checksums';
import {
  IdNames,
  parseChmod,
  applyChmod,
  type ScanMessage,
  type ScannedList,
  SourceScanner,
} from '@deltawire/file-list';
import { groupName, userName } from '@deltawire/filesystem';
import { createFilter, type FilterRule, type FilterScope } from '@deltawire/filters';
import {
  ExitCode,
  FileEntryWriter,
  ItemFlag,
  MessageTag,
  NDX_DEL_STATS,
  NDX_DONE,
  NDX_FLIST_EOF,
  NDX_FLIST_OFFSET,
  ProtocolError,
  readDeleteStats,
  readItemHeader,
  writeIdList,
  writeItemHeader,
  writeTransferStats,
} from '@deltawire/protocol';
import { Breather } from '../breather.ts';
import { entryCodecOptions } from '../entry-options.ts';
import { fileDigest } from '../file-digest.ts';
import { isRegular, isSymlink } from '../receiver/kinds.ts';
import type { Session } from '../session.ts';
import { readMergeFile } from '../source-files.ts';
import { countKind } from '../stats.ts';
import { FileSender } from './send-file.ts';

/** Entries kept ahead of the requests, and how far an idle sender goes (docs/spec/data.md §3.12). */
const AHEAD_ENTRIES = 1000;
const IDLE_AHEAD_ENTRIES = 10_000;

/** What the sender is to send. */
export interface SendingJob {
  readonly sources: readonly string[];
  readonly filters: readonly FilterRule[];
  /** Names of `--files-from`. */
  readonly filesFrom: Iterable<string> | undefined;
  /** Extra rules of a daemon, and how it shows paths. */
  readonly hides?: ((name: string, isDirectory: boolean) => boolean) | undefined;
  readonly fullName?: ((path: string) => string) | undefined;
}

/**
 * The sender: lists the source, then answers the generator's requests in order (docs/spec/data.md
 * §2, §3; docs/spec/session.md §8).
 */
export class Sender {
  readonly #session: Session;
  readonly #scanner: SourceScanner;
  readonly #writer: FileEntryWriter;
  readonly #files: FileSender;
  readonly #users: IdNames = new IdNames(userName);
  readonly #groups: IdNames = new IdNames(groupName);
  readonly #breather: Breather = new Breather();
  #liveLists = 0;
  /** Entries in lists whose items the generator has not begun to ask for. */
  #entriesAhead = 0;
  #newestRequested = -1;
  #listsEnded = false;
  #phase = 0;
  #deleteStats: ReturnType<typeof readDeleteStats> | undefined;

  constructor(session: Session, job: SendingJob) {
    const { options, agreement } = session;
    this.#session = session;
    this.#writer = new FileEntryWriter(agreement.dialect, entryCodecOptions(session));
    const chmod = session.server || options.chmod === '' ? [] : parseChmod(options.chmod);
    const umask = process.umask();
    const named = !options.numericIds;
    const rules = job.filters;
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
      hardLinks: options.hardLinks,
      oneFileSystem: options.oneFileSystem,
      inlineNames: agreement.dialect.incRecurse && named,
      ...(named && options.owner ? { userNames: this.#users } : {}),
      ...(named && options.group ? { groupNames: this.#groups } : {}),
      ...(chmod.length > 0
        ? { adjustMode: (mode, isDirectory) => applyChmod(chmod, mode, isDirectory, umask) }
        : {}),
      ...(options.checksum ? { checksumOf: (path) => this.#digest(path) } : {}),
      ...(rules.length > 0 || job.hides !== undefined
        ? { filterFor: (prefix) => senderScope(session, rules, prefix, job.hides) }
        : {}),
      ...(job.fullName === undefined ? {} : { fullName: job.fullName }),
      onMessage: (message) => this.#say(message),
    });
    this.#files = new FileSender(session, this.#scanner);
  }

  /** Send the lists, answer every request, and say goodbye. */
  async run(): Promise<void> {
    const first = await this.#sendFirstList();
    const { dialect } = this.#session.agreement;
    const empty = first.list.length === 0;
    if (dialect.incRecurse && first.list.length <= 1) await this.#sendNextList();
    if (empty && this.#session.server) {
      if (dialect.incRecurse && !this.#listsEnded) await this.#sendNextList();
      this.#session.leaving = true;
      return;
    }
    const ioErrorAtStart = this.#scanner.ioError;
    await this.#items();
    const ioError = this.#scanner.ioError;
    if (ioError !== ioErrorAtStart && dialect.ioErrorMessages && !this.#session.options.ignoreErrors) {
      this.#message(MessageTag.IO_ERROR, ioError);
    }
    this.#session.ioError |= ioError;
    this.#done();
    if (this.#session.options.verbose > 1) this.#sayTotals();
    if (this.#session.server) this.#stats();
    await this.#goodbye();
  }

  // ------------------------------------------------------------------------------- lists

  async #sendFirstList(): Promise<ScannedList> {
    const { options, agreement, wire, stats } = this.#session;
    const { dialect } = agreement;
    const direction = 'sending';
    const incremental = dialect.incRecurse;
    this.#session.emit({ kind: 'list', direction, incremental, state: 'start', files: 0 });
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
    if (!dialect.incRecurse) {
      if (!options.numericIds) {
        if (options.owner) writeIdList(wire.out, dialect, names(this.#users));
        if (options.group) writeIdList(wire.out, dialect, names(this.#groups));
      }
      if (!dialect.ioErrorMessages) {
        wire.out.i32(options.ignoreErrors ? 0 : scanned.ioError);
      } else if (!dialect.safeFlist && scanned.ioError !== 0 && !options.ignoreErrors) {
        this.#message(MessageTag.IO_ERROR, scanned.ioError);
      }
      this.#listsEnded = true;
    }
    wire.send();
    const files = scanned.list.length;
    this.#session.emit({ kind: 'list', direction, incremental, state: 'done', files });
    return scanned;
  }

  async #writeList({ list, ioError }: ScannedList): Promise<void> {
    const { wire, options, stats } = this.#session;
    const before = wire.bytesWritten + wire.out.length;
    for (const entry of list.wire) {
      this.#writer.write(wire.out, entry, list.start);
      countKind(stats.files, entry.mode);
      if (isRegular(entry.mode) || isSymlink(entry.mode)) stats.totalSize += entry.size;
      if (wire.out.length > 64 * 1024) {
        wire.flush();
        if (wire.congested) await wire.drained();
      }
    }
    this.#writer.end(wire.out, options.ignoreErrors ? 0 : ioError);
    stats.listSize += wire.bytesWritten + wire.out.length - before;
    this.#liveLists++;
    this.#entriesAhead += list.length;
  }

  /** The next directory's list, or the end of all lists. */
  async #sendNextList(): Promise<void> {
    const { wire, ndxOut } = this.#session;
    const scanned = this.#scanner.nextList();
    if (scanned === undefined) {
      ndxOut.write(wire.out, NDX_FLIST_EOF);
      this.#listsEnded = true;
    } else {
      ndxOut.write(wire.out, NDX_FLIST_OFFSET - scanned.list.directory);
      await this.#writeList(scanned);
    }
    wire.send();
  }

  /** Keep enough entries ahead of the generator. */
  async #sendAhead(limit: number): Promise<void> {
    const { wire } = this.#session;
    while (!this.#listsEnded && this.#entriesAhead < limit) {
      await this.#sendNextList();
      if (wire.congested) await wire.drained();
      if (this.#breather.due) await this.#breather.pause();
    }
  }

  // ------------------------------------------------------------------------------- items

  async #items(): Promise<void> {
    const { dialect } = this.#session.agreement;
    while (this.#phase <= dialect.phases) {
      await this.#sendAhead(AHEAD_ENTRIES);
      const ndx = await this.#nextNdx();
      if (ndx >= 0) await this.#item(ndx);
      else if (ndx === NDX_DONE) this.#doneRead();
      else if (ndx === NDX_DEL_STATS) await this.#readDeleteStats();
      else {
        throw new ProtocolError(`file index ${ndx} makes no sense to a sender`, {
          exitCode: ExitCode.PROTOCOL,
        });
      }
    }
  }

  /** The next index; while there is none, lists are sent further ahead. */
  async #nextNdx(): Promise<number> {
    const { wire, ndxIn } = this.#session;
    const read = (r: Parameters<typeof ndxIn.read>[0]): number => ndxIn.read(r);
    for (;;) {
      const ndx = wire.attempt(read);
      if (ndx !== undefined) return ndx;
      if (!this.#listsEnded && this.#entriesAhead < IDLE_AHEAD_ENTRIES && !wire.congested) {
        await this.#sendNextList();
        if (this.#breather.due) await this.#breather.pause();
      } else {
        await wire.fill();
      }
    }
  }

  #doneRead(): void {
    const { dialect } = this.#session.agreement;
    if (dialect.incRecurse && (this.#liveLists > 1 || !this.#listsEnded)) {
      const { oldest } = this.#scanner.store;
      if (oldest !== undefined && oldest.start > this.#newestRequested) {
        // A list of which nothing was asked for still counted as lying ahead.
        this.#entriesAhead -= oldest.length;
        this.#newestRequested = oldest.start;
      }
      this.#scanner.store.retireOldest();
      this.#liveLists--;
      this.#done();
      return;
    }
    this.#phase++;
    if (this.#phase <= dialect.phases) this.#done();
  }

  #done(): void {
    const { wire, ndxOut } = this.#session;
    ndxOut.write(wire.out, NDX_DONE);
    wire.send();
  }

  async #item(ndx: number): Promise<void> {
    const { wire, agreement, ndxOut, options, server, stats } = this.#session;
    const { dialect } = agreement;
    const header = await wire.read((r) => readItemHeader(r, dialect));
    const located = this.#scanner.store.byNdx(ndx);
    if (located === undefined) {
      if (header.iflags === ItemFlag.IS_NEW && dialect.protocol === 29) return; // keep-alive
      throw new ProtocolError(`file index ${ndx} is in no live file list`, {
        exitCode: ExitCode.PROTOCOL,
      });
    }
    const { entry, list } = located;
    if (list.start > this.#newestRequested) {
      // The generator has begun a new list: what it holds is no longer ahead.
      for (const live of this.#scanner.store.lists) {
        if (live.start > this.#newestRequested && live.start <= list.start) {
          this.#entriesAhead -= live.length;
        }
      }
      this.#newestRequested = list.start;
    }
    const transfer = (header.iflags & ItemFlag.TRANSFER) !== 0;
    const details = {
      ndx,
      name: entry.name,
      entry,
      iflags: header.iflags,
      basisType: header.basisType,
      xname: header.xname,
      direction: 'send' as const,
    };
    if (transfer) this.#checkTransfer(entry.mode, entry.name);
    if ((header.iflags & ItemFlag.IS_NEW) !== 0 && !server) countKind(stats.created, entry.mode);
    if (!transfer || options.dryRun) {
      this.#session.emit({ kind: 'item', ...details });
      if (transfer) {
        stats.transferredFiles++;
        stats.transferredSize += entry.size;
      }
      ndxOut.write(wire.out, ndx);
      writeItemHeader(wire.out, dialect, header);
      wire.send();
      return;
    }
    await this.#files.send(located, header, details);
  }

  #checkTransfer(mode: number, name: string): void {
    if (!isRegular(mode)) {
      throw new ProtocolError(`"${name}" is no regular file and cannot be sent`, {
        exitCode: ExitCode.PROTOCOL,
      });
    }
    if (this.#phase >= 2) {
      throw new ProtocolError('a file was asked for after the last transfer phase', {
        exitCode: ExitCode.PROTOCOL,
      });
    }
  }

  // ------------------------------------------------------------------------------ goodbye

  async #readDeleteStats(): Promise<void> {
    this.#deleteStats = await this.#session.wire.read(readDeleteStats);
    const { deleted } = this.#session.stats;
    deleted.regular = this.#deleteStats.files;
    deleted.directories = this.#deleteStats.directories;
    deleted.symlinks = this.#deleteStats.symlinks;
    deleted.devices = this.#deleteStats.devices;
    deleted.specials = this.#deleteStats.specials;
  }

  #stats(): void {
    const { wire, agreement, stats } = this.#session;
    wire.flush();
    writeTransferStats(wire.out, agreement.dialect, {
      bytesRead: wire.bytesRead,
      bytesWritten: wire.bytesWritten,
      totalSize: stats.totalSize,
      listBuildMs: Math.max(1, Math.round(stats.listBuildMs)),
      listTransferMs: Math.round(stats.listTransferMs),
    });
    wire.send();
  }

  async #goodbye(): Promise<void> {
    const { wire, agreement, server } = this.#session;
    await this.#finalDone();
    if (agreement.dialect.extraGoodbye) {
      if (this.#deleteStats !== undefined && server) this.#session.writeDeleteStats();
      this.#session.leaving = true;
      this.#done();
      wire.flush();
      await this.#finalDone();
    }
    this.#session.leaving = true;
  }

  async #finalDone(): Promise<void> {
    for (;;) {
      const ndx = await this.#nextNdx();
      if (ndx === NDX_DONE) return;
      if (ndx !== NDX_DEL_STATS) {
        throw new ProtocolError(`expected the goodbye, got file index ${ndx}`, {
          exitCode: ExitCode.PROTOCOL,
        });
      }
      await this.#readDeleteStats();
    }
  }

  // ----------------------------------------------------------------------------- messages

  #message(tag: number, value: number): void {
    const payload = new Uint8Array(4);
    new DataView(payload.buffer).setInt32(0, value, true);
    this.#session.wire.message(tag, payload);
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

  #sayTotals(): void {
    const { matches, literalBytes } = this.#files.totals;
    this.#session.say(
      `total: matches=${matches}  hash_hits=${matches}  false_alarms=0 data=${literalBytes}\n`,
    );
  }

  /** Zeros for a file that cannot be read: it then differs from every other. */
  #digest(path: string): Uint8Array {
    const { fileChecksum } = this.#session.agreement;
    try {
      return fileDigest(path, fileChecksum);
    } catch {
      return new Uint8Array(digestLength(fileChecksum));
    }
  }
}

const names = (ids: IdNames): { entries: { id: number; name: string }[]; id0Name: string } => ({
  entries: ids.list(),
  id0Name: ids.nameOfZero,
});

/** Rules for what lies below one transfer root. */
function senderScope(
  session: Session,
  rules: readonly FilterRule[],
  prefix: string,
  hides: ((name: string, isDirectory: boolean) => boolean) | undefined,
): FilterScope | undefined {
  const root = prefix === '' ? '.' : prefix;
  const scope =
    rules.length === 0
      ? undefined
      : createFilter(rules, {
          side: 'sender',
          deleteExcluded: session.options.deleteExcluded,
          rootPath: absolute(root),
          readMergeFile: (path) => readMergeFile(root, path),
        });
  return hides === undefined ? scope : hidingScope(scope, hides);
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `${process.cwd()}/${path === '.' ? '' : path}`;
}

/** A daemon's rules come first: what they hide does not exist. */
function hidingScope(
  inner: FilterScope | undefined,
  hides: (name: string, isDirectory: boolean) => boolean,
): FilterScope {
  return {
    empty: false,
    hasMergeRules: inner?.hasMergeRules ?? false,
    decide: (name, isDirectory, options) =>
      hides(name, isDirectory) ? 'exclude' : inner?.decide(name, isDirectory, options),
    enter: (directory) => {
      const entered = inner?.enter(directory);
      return entered === inner ? hidingScope(inner, hides) : hidingScope(entered, hides);
    },
  };
}

