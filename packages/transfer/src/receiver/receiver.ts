import type { FileList } from '@deltawire/file-list';
import {
  type ByteReader,
  ExitCode,
  type FileEntry,
  ItemFlag,
  type ItemHeader,
  NDX_DEL_STATS,
  NDX_DONE,
  NDX_FLIST_EOF,
  NDX_FLIST_OFFSET,
  ProtocolError,
  readDeleteStats,
  readItemHeader,
  readTransferStats,
} from '@deltawire/protocol';
import { reportChecked } from '../checked-list.ts';
import type { ItemDetails } from '../events.ts';
import type { Session } from '../session.ts';
import { checkBasisType } from './basis-types.ts';
import { isRegular } from './kinds.ts';
import type { LateXattrs } from './late-xattrs.ts';
import type { ListReader } from './list-reader.ts';
import type { FileReceiver } from './receive-file.ts';
import { Replay } from './replay.ts';
import type { ListState, ReceivingState, Request } from './state.ts';

/** What the receiver works with. */
export interface ReceiverSetup {
  readonly session: Session;
  readonly state: ReceivingState;
  readonly lists: ListReader;
  readonly files: FileReceiver;
  readonly xattrs: LateXattrs | undefined;
  readonly onList: (state: ListState) => void;
}

/**
 * The receiver: reads everything the sender writes after the first file list (docs/spec/session.md
 * §8, §9), and tells the generator how its requests ended. It writes nothing on the wire.
 */
export class Receiver {
  readonly #session: Session;
  readonly #state: ReceivingState;
  readonly #lists: ListReader;
  readonly #files: FileReceiver;
  readonly #xattrs: LateXattrs | undefined;
  readonly #onList: (state: ListState) => void;
  readonly #decodeNdx: (reader: ByteReader) => number;
  /** What is read is a batch. */
  readonly #replay: Replay | undefined;
  #phase = 0;
  /** The list of the last item. */
  #current: FileList | undefined;

  constructor(setup: ReceiverSetup) {
    this.#session = setup.session;
    this.#state = setup.state;
    this.#lists = setup.lists;
    this.#files = setup.files;
    this.#xattrs = setup.xattrs;
    this.#onList = setup.onList;
    if (setup.session.replays) this.#replay = new Replay(setup.session, setup.state);
    const { ndxIn } = setup.session;
    this.#decodeNdx = (reader) => ndxIn.read(reader);
  }

  /** Read to the sender's goodbye. */
  async run(): Promise<void> {
    const { wire, agreement } = this.#session;
    const { dialect } = agreement;
    const phases = dialect.itemFlags ? 3 : 2;
    while (this.#phase < phases) {
      const ndx = wire.attempt(this.#decodeNdx) ?? (await this.#readNdx());
      if (ndx >= 0) await this.#item(ndx);
      else if (ndx === NDX_DONE) {
        if (this.#replay !== undefined) await this.#replay.awaitDone(this.#phase);
        this.#doneRead();
      } else if (ndx === NDX_DEL_STATS) await this.#deleteStats();
      else if (dialect.incRecurse && ndx === NDX_FLIST_EOF) this.#endOfLists();
      else if (dialect.incRecurse && ndx <= NDX_FLIST_OFFSET) {
        await this.#moreEntries(NDX_FLIST_OFFSET - ndx);
      } else throw badIndex(ndx);
    }
    this.#state.itemsEnded = true;
    this.#state.bell.ring();
    if (!this.#session.server) await this.#transferStats();
    this.#state.statsRead = true;
    this.#state.bell.ring();
    if (dialect.extraGoodbye) {
      let ndx = await this.#readNdx();
      while (ndx === NDX_DEL_STATS) {
        await this.#deleteStats();
        ndx = await this.#readNdx();
      }
      if (ndx !== NDX_DONE) throw badIndex(ndx);
      if (this.#replay !== undefined) await this.#replay.awaitDone(this.#phase);
      this.#checkDone();
    }
    this.#state.goodbyeRead = true;
    this.#state.bell.ring();
  }

  /** A file was announced as one that will not come (NO_SEND). */
  noSend(ndx: number): void {
    const request = this.#state.requests.get(ndx);
    if (request === undefined) {
      if (this.#state.store.byNdx(ndx) === undefined) throw badIndex(ndx);
      return;
    }
    this.#xattrs?.unanswered(request.entry);
    this.#answer(request, 'failed');
  }

  #readNdx(): Promise<number> {
    return this.#session.wire.read(this.#decodeNdx);
  }

  /** A sender only answers: a DONE that nothing asked for would end what is still going on. */
  #checkDone(): void {
    const shared = this.#state;
    if (++shared.donesRead <= shared.donesWritten) return;
    throw new ProtocolError('the sender ended what the generator has not', {
      exitCode: ExitCode.PROTOCOL,
    });
  }

  #doneRead(): void {
    const shared = this.#state;
    this.#checkDone();
    if (!this.#session.agreement.dialect.incRecurse || this.#phase === 0) {
      reportChecked(this.#session, shared.store, this.#current);
    }
    if (this.#session.agreement.dialect.incRecurse && shared.lists.length > 1) {
      if (shared.lists[0]?.retired !== true) {
        throw new ProtocolError('the sender dropped a file list that is still in use', {
          exitCode: ExitCode.PROTOCOL,
        });
      }
      shared.dropOldest();
      return;
    }
    if (!shared.complete) {
      throw new ProtocolError('the sender ended a phase before its file lists', {
        exitCode: ExitCode.PROTOCOL,
      });
    }
    this.#phase++;
    shared.phaseEchoes++;
    shared.bell.ring();
  }

  #endOfLists(): void {
    this.#lists.end();
    this.#state.complete = true;
    this.#state.bell.ring();
  }

  async #moreEntries(directory: number): Promise<void> {
    const list = await this.#lists.read(directory);
    const state = this.#state.addList(list);
    this.#onList(state);
  }

  async #deleteStats(): Promise<void> {
    const read = await this.#session.wire.read(readDeleteStats);
    const { deleted } = this.#session.stats;
    if (this.#session.server) return;
    deleted.regular = read.files;
    deleted.directories = read.directories;
    deleted.symlinks = read.symlinks;
    deleted.devices = read.devices;
    deleted.specials = read.specials;
  }

  async #transferStats(): Promise<void> {
    const { wire, agreement, stats } = this.#session;
    const read = await wire.read((r) => readTransferStats(r, agreement.dialect));
    stats.totalSize = read.totalSize;
    stats.listBuildMs = read.listBuildMs ?? 0;
    stats.listTransferMs = read.listTransferMs ?? 0;
    // The server's counters, as it wrote them: what it read is what we sent.
    stats.bytesSent = read.bytesRead;
    stats.bytesReceived = read.bytesWritten;
  }

  // --------------------------------------------------------------------------- items

  async #item(ndx: number): Promise<void> {
    const { wire, agreement, options } = this.#session;
    const { dialect } = agreement;
    const readHeader = (r: ByteReader): ItemHeader => readItemHeader(r, dialect);
    const header = wire.attempt(readHeader) ?? (await wire.read(readHeader));
    const transfer = (header.iflags & ItemFlag.TRANSFER) !== 0;
    const located = this.#state.store.byNdx(ndx);
    if (located === undefined) {
      // Protocol 29 keep-alive: one past the list, flagged as new and nothing else.
      if (header.iflags === ItemFlag.IS_NEW && dialect.protocol === 29) return;
      throw badIndex(ndx);
    }
    const { entry, list } = located;
    this.#current = list;
    const details: ItemDetails = {
      ndx,
      name: entry.name,
      entry,
      iflags: header.iflags,
      basisType: header.basisType,
      xname: header.xname,
      direction: 'recv',
    };
    if (transfer) checkBasisType(header, options);
    if (this.#replay !== undefined) await this.#replay.reach(ndx);
    if (this.#xattrs !== undefined) await this.#xattrs.read(entry, header.iflags);
    if (!transfer) {
      this.#session.emit({ kind: 'item', ...details });
      if (!options.dryRun) this.#xattrs?.apply(entry, header.iflags);
      return;
    }
    if (!isRegular(entry.mode)) {
      throw new ProtocolError(`the sender wants to send content for "${entry.name}", no file`, {
        exitCode: ExitCode.PROTOCOL,
      });
    }
    if (this.#phase >= 2) {
      throw new ProtocolError('the sender sent a file after the last transfer phase', {
        exitCode: ExitCode.PROTOCOL,
      });
    }
    this.#replay?.giveUpBefore(ndx);
    const request = this.#state.requests.get(ndx);
    if (request === undefined && this.#replay !== undefined) {
      this.#session.say(`(Skipping batched update for "${entry.name}")\n`);
      await this.#files.skip();
      return;
    }
    if (options.dryRun && !this.#hasContent) {
      this.#session.stats.transferredFiles++;
      this.#session.stats.transferredSize += entry.size;
      this.#session.emit({ kind: 'item', ...details });
      if (this.#replay !== undefined) await this.#files.skip();
      if (request !== undefined) this.#answer(request, 'done');
      return;
    }
    if (request === undefined) {
      throw new ProtocolError(`the sender sent "${entry.name}", which was not asked for`, {
        exitCode: ExitCode.PROTOCOL,
      });
    }
    await this.#content(
      this.#replay === undefined ? request : this.#replay.asRecorded(request, header),
      details,
    );
  }

  /** Whether content follows although nothing is changed: a batch is made of it. */
  get #hasContent(): boolean {
    return this.#session.options.onlyWriteBatch && !this.#session.server;
  }

  async #content(request: Request, details: ItemDetails): Promise<void> {
    const { wire, stats, server, observed } = this.#session;
    const { entry } = request;
    const sentBefore = wire.bytesWritten;
    const receivedBefore = wire.bytesRead;
    const received = await this.#files.receive(
      request,
      () => {
        this.#session.emit({ kind: 'item', ...details });
        const showsStart = this.#session.info('progress') > 0 && entry.size > 0;
        if (showsStart && observed && !server) this.#progress(entry, details.ndx, 0, false);
      },
      (bytes, final) => {
        if (observed && !server) this.#progress(entry, details.ndx, bytes, final);
      },
    );
    stats.literalBytes += received.literalBytes;
    stats.matchedBytes += received.matchedBytes;
    // As in rsync, a second attempt counts once more.
    stats.transferredFiles++;
    stats.transferredSize += entry.size;
    if (received.outcome === 'done' && observed) {
      this.#session.emit({
        kind: 'transferred',
        literalBytes: received.literalBytes,
        matchedBytes: received.matchedBytes,
        bytesSent: wire.bytesWritten - sentBefore,
        bytesReceived: wire.bytesRead - receivedBefore,
        checksum: received.checksum,
        checksumName: this.#session.agreement.checksum.name,
        ...details,
      });
    }
    this.#answer(request, received.outcome);
  }

  #answer(request: Request, outcome: 'done' | 'failed' | 'redo'): void {
    this.#state.requests.delete(request.ndx);
    this.#state.answers.push({ request, outcome });
    this.#state.bell.ring();
  }

  #progress(entry: FileEntry, ndx: number, bytes: number, final: boolean): void {
    const { stats } = this.#session;
    const total = this.#state.store.entryCount;
    const located = this.#state.store.byNdx(ndx);
    const checkedUpTo =
      located === undefined ? 0 : located.list.entriesBefore + located.position + 1;
    this.#session.emit({
      kind: 'progress',
      ndx,
      name: entry.name,
      bytes,
      size: entry.size,
      files: {
        transferred: stats.transferredFiles + 1,
        toCheck: Math.max(0, total - checkedUpTo),
        total,
        listsComplete: this.#state.complete,
      },
      totalBytes: stats.transferredSize + bytes,
      totalSize: stats.totalSize,
      final,
    });
  }
}

function badIndex(ndx: number): ProtocolError {
  return new ProtocolError(`file index ${ndx} is in no live file list`, {
    exitCode: ExitCode.PROTOCOL,
  });
}
