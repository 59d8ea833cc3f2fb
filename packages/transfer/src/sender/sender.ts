import type { FileList } from '@deltawire/file-list';
import {
  type ByteReader,
  type DeleteStats,
  ExitCode,
  encodeMessageValue,
  ItemFlag,
  type ItemHeader,
  MessageTag,
  NDX_DEL_STATS,
  NDX_DONE,
  ProtocolError,
  readDeleteStats,
  readItemHeader,
  writeItemHeader,
  writeTransferStats,
} from '@deltawire/protocol';
import { endBatch } from '../batch/write-batch.ts';
import { Breather } from '../breather.ts';
import { reportChecked } from '../checked-list.ts';
import { LocalXattrs } from '../local-xattrs.ts';
import { isRegular } from '../receiver/kinds.ts';
import type { Session } from '../session.ts';
import { countKind } from '../stats.ts';
import { FileSender } from './send-file.ts';
import { type SendingJob, SourceLists } from './source-lists.ts';
import { SourceRemoval } from './source-removal.ts';
import { XattrAnswers } from './xattr-answers.ts';

/** Entries kept ahead of the requests, and how far an idle sender goes (docs/spec/data.md §3.12). */
const AHEAD_ENTRIES = 1000;
const IDLE_AHEAD_ENTRIES = 10_000;
/** In a local copy both ends take turns: what lies further ahead only takes memory. */
const LOCAL_AHEAD_ENTRIES = 2000;

/**
 * The sender: lists the source, then answers the generator's requests in order (docs/spec/data.md
 * §2, §3; docs/spec/session.md §8).
 */
export class Sender {
  readonly #session: Session;
  readonly #lists: SourceLists;
  readonly #files: FileSender;
  readonly #xattrs: XattrAnswers | undefined;
  readonly #breather: Breather = new Breather();
  readonly #decodeNdx: (reader: ByteReader) => number;
  readonly #idleAhead: number;
  #phase = 0;
  /** The list of the last item. */
  #current: FileList | undefined;
  #deleteStats: DeleteStats | undefined;

  constructor(session: Session, job: SendingJob) {
    this.#session = session;
    const local = LocalXattrs.open(session, job.filters);
    this.#idleAhead = session.local ? LOCAL_AHEAD_ENTRIES : IDLE_AHEAD_ENTRIES;
    this.#xattrs = local && new XattrAnswers(session, local);
    this.#lists = new SourceLists(session, job, local);
    this.#files = new FileSender(session, this.#lists, this.#xattrs);
    const { ndxIn } = session;
    this.#decodeNdx = (reader) => ndxIn.read(reader);
  }

  /** Send the lists, answer every request, and say goodbye. */
  async run(): Promise<void> {
    const removal = new SourceRemoval(this.#session, this.#lists);
    this.#session.role = { success: (ndx) => removal.remove(ndx) };
    const first = await this.#lists.sendFirst();
    const { dialect } = this.#session.agreement;
    const empty = first.list.length === 0;
    if (dialect.incRecurse && first.list.length <= 1) await this.#lists.sendNext();
    if (empty && this.#session.server) {
      if (dialect.incRecurse && !this.#lists.ended) await this.#lists.sendNext();
      this.#session.leaving = true;
      return;
    }
    const ioErrorAtStart = this.#lists.ioError;
    await this.#items();
    const ioError = this.#lists.ioError;
    if (
      ioError !== ioErrorAtStart &&
      dialect.ioErrorMessages &&
      !this.#session.options.ignoreErrors
    ) {
      this.#session.wire.message(MessageTag.IO_ERROR, encodeMessageValue(ioError));
    }
    this.#session.ioError |= ioError;
    this.#done();
    if (this.#session.options.verbose > 1) this.#sayTotals();
    const { server, batch } = this.#session;
    if (server) this.#stats();
    else if (batch !== undefined) endBatch(this.#session, batch);
    await this.#goodbye();
  }

  // ------------------------------------------------------------------------------- items

  async #items(): Promise<void> {
    const { agreement, wire } = this.#session;
    const { dialect } = agreement;
    while (this.#phase <= dialect.phases) {
      if (this.#lists.wantsMore(AHEAD_ENTRIES)) await this.#lists.sendAhead(AHEAD_ENTRIES);
      // Every item is answered: one who asks without reading must not make us keep the answers.
      if (wire.congested) await wire.drained();
      const ndx = wire.attempt(this.#decodeNdx) ?? (await this.#nextNdx());
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
    const { wire } = this.#session;
    for (;;) {
      const ndx = wire.attempt(this.#decodeNdx);
      if (ndx !== undefined) return ndx;
      if (!this.#lists.wantsMore(this.#idleAhead)) {
        await wire.fill();
      } else if (wire.congested) {
        // Not for input: the generator may need these lists before it has anything to say.
        await wire.drained();
      } else if (wire.broken) {
        await wire.giveUp();
      } else {
        await this.#lists.sendNext();
        if (this.#breather.due) await this.#breather.pause();
      }
    }
  }

  #doneRead(): void {
    const { agreement } = this.#session;
    const { dialect } = agreement;
    if (!dialect.incRecurse || this.#phase === 0) {
      reportChecked(this.#session, this.#lists.store, this.#current);
    }
    if (dialect.incRecurse && this.#lists.hasListToRetire) {
      this.#lists.retireOldest();
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
    if (wire.broken) await wire.giveUp();
    const readHeader = (r: ByteReader): ItemHeader => readItemHeader(r, dialect);
    const header = wire.attempt(readHeader) ?? (await wire.read(readHeader));
    const asked =
      this.#xattrs === undefined ? undefined : await this.#xattrs.readRequest(header.iflags);
    const located = this.#lists.byNdx(ndx);
    this.#current = located?.list;
    if (located === undefined) {
      if (header.iflags === ItemFlag.IS_NEW && dialect.protocol === 29) return; // keep-alive
      throw new ProtocolError(`file index ${ndx} is in no live file list`, {
        exitCode: ExitCode.PROTOCOL,
      });
    }
    const { entry, list } = located;
    this.#lists.comeTo(list.start);
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
      if (asked !== undefined) {
        await this.#xattrs?.write(entry, this.#lists.store.pathOf(located), asked);
      }
      wire.send();
      return;
    }
    await this.#files.send(located, header, details, asked);
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

  #sayTotals(): void {
    const { matches, literalBytes } = this.#files.totals;
    this.#session.say(
      `total: matches=${matches}  hash_hits=${matches}  false_alarms=0 data=${literalBytes}\n`,
    );
  }
}
