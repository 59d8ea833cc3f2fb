import {
  absolutePath,
  errnoText,
  type FileStat,
  groupId,
  groupName,
  isRoot,
  TrustedPaths,
  userId,
  userName,
} from '@deltawire/filesystem';
import {
  decodeByteString,
  decodeDeletedName,
  ExitCode,
  MessageTag,
  type MuxMessage,
  messageValue,
  NDX_DEL_STATS,
  NdxReader,
  NdxWriter,
  ProtocolError,
  RemoteError,
  RsyncError,
  writeDeleteStats,
} from '@deltawire/protocol';
import type { BatchSink } from './batch/write-batch.ts';
import type { Charset } from './charset/charset.ts';
import type { TransferEvent } from './events.ts';
import { FakeSuper } from './fake-super.ts';
import type { Agreement } from './handshake.ts';
import { watchIdle } from './idle-watch.ts';
import type { NameService } from './jobs.ts';
import type { LocalLink } from './local-link.ts';
import type { TransferOptions } from './options.ts';
import { createStats, type TransferStats } from './stats.ts';
import type { Wire } from './wire.ts';

const SYSTEM_NAMES: NameService = { userName, groupName, userId, groupId };

/** Bits of io_error (docs/spec/session.md §8.8). */
export const IoError = { GENERAL: 1, VANISHED: 2, DELETE_LIMIT: 4 } as const;

/** Longest delay of a timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Longest text of one message frame, bytes (docs/spec/session.md §6.3). */
const MAX_TEXT_BYTES = 5119;

/** Who speaks in a message: rsync's role names. */
export type Role = 'client' | 'server' | 'sender' | 'generator' | 'receiver' | 'Receiver';

/** Who this end is and whom it tells. */
export interface SessionSetup {
  readonly server: boolean;
  readonly receives: boolean;
  /** Both ends in one process: the shortcuts of a local copy are allowed. */
  readonly local: LocalLink | undefined;
  /** To a peer over TCP that is near: see {@link HandshakeStart}. @default false */
  readonly nearby?: boolean;
  readonly onEvent: ((event: TransferEvent) => void) | undefined;
  /** What a daemon checks before it uses a path of its module. @default nothing */
  readonly checkPath?: ((path: string, followLast: boolean) => void) | undefined;
  /** Records the session. @default nothing */
  readonly batch?: BatchSink | undefined;
  /** What is read is such a record, and nobody answers. @default false */
  readonly replays?: boolean;
  /** A path as messages show it, in quotes. @default made absolute */
  readonly showPath?: ((path: string) => string) | undefined;
  /** Where the absolute paths of filter rules begin: a daemon's module. @default `/` */
  readonly moduleRoot?: string | undefined;
  /** Of this side's names, with `--iconv`. */
  readonly charset?: Charset | undefined;
  /** Who knows names and numbers of users and groups. @default the system */
  readonly names?: NameService | undefined;
  /** The other side can convert what symlinks contain. @default what the agreement says */
  readonly peerConvertsLinks?: boolean;
}

/** Messages whose meaning depends on the role. */
export interface RoleMessages {
  /** To a receiving side: a file that was asked for will not come. */
  noSend?(ndx: number): void;
  /** To a sender: an item is in place. */
  success?(ndx: number): void;
}

/**
 * What all tasks of one transfer share: the wire, the agreement, the options, the index states of
 * both directions, error bits, statistics and the way messages reach the user.
 */
export class Session {
  readonly wire: Wire;
  readonly options: TransferOptions;
  readonly agreement: Agreement;
  readonly server: boolean;
  readonly receives: boolean;
  readonly local: boolean;
  /** With `--fake-super`. */
  readonly fake: FakeSuper | undefined;
  /** Whether what only root may do is tried (`--super`). */
  readonly superUser: boolean;
  readonly nearby: boolean;
  readonly batch: BatchSink | undefined;
  readonly replays: boolean;
  /** In a local copy: what is in place, by index. */
  readonly placed: Map<number, FileStat> | undefined;
  readonly stats: TransferStats = createStats();
  /** One index state per direction, for the whole connection. */
  readonly ndxIn: NdxReader;
  readonly ndxOut: NdxWriter;
  /** io_error bits of both sides. */
  ioError = 0;
  /** Some file or attribute could not be transferred: exit code 23. */
  partial = false;
  /** Seconds; a daemon may shorten it. */
  timeout: number;
  /** A receiving side before its generator starts: it sends no keep-alives. */
  early: boolean;
  /** What the running role wants to hear. */
  role: RoleMessages | undefined;
  /** Set once the goodbye has begun: nothing more is owed to the peer. */
  leaving = false;
  /** Throws the system's error for a path whose links lead out of a daemon's module. */
  readonly checkPath: (path: string, followLast: boolean) => void;
  /** The same for a path that an option names: outside of a daemon, whose links it may lead through. */
  readonly checkOption: (path: string, followLast: boolean, bounded?: boolean) => void;
  /** The same for a name of a list, which somebody else may have written: only the bound counts. */
  readonly checkBound: (path: string, followLast: boolean) => void;
  /** A path as messages show it, in quotes. */
  readonly showPath: (path: string) => string;
  /** Where the absolute paths of filter rules begin. */
  readonly moduleRoot: string;
  readonly names: NameService;
  /** Of this side's names; undefined when they travel as they are. */
  readonly charset: Charset | undefined;
  /** Symlink targets are converted, too. */
  readonly convertsLinks: boolean;
  readonly #emit: ((event: TransferEvent) => void) | undefined;
  #stopWatch: () => void = () => {};
  #stopTimer: NodeJS.Timeout | undefined;

  constructor(wire: Wire, options: TransferOptions, agreement: Agreement, setup: SessionSetup) {
    this.wire = wire;
    // The peer's requests and our answers are those of a true run, but nothing is changed.
    const untouched = setup.receives && options.onlyWriteBatch;
    this.options = untouched ? { ...options, dryRun: true } : options;
    this.agreement = agreement;
    this.server = setup.server;
    this.receives = setup.receives;
    this.early = setup.receives;
    this.local = setup.local !== undefined;
    this.nearby = setup.nearby ?? false;
    this.batch = setup.batch;
    this.replays = setup.replays ?? false;
    this.placed = setup.local?.placed;
    this.checkPath = setup.checkPath ?? (() => {});
    this.checkOption = setup.checkPath ?? this.#trustedPaths();
    this.checkBound = setup.checkPath ?? this.#boundPaths();
    this.showPath = setup.showPath ?? showAbsolute;
    this.moduleRoot = setup.moduleRoot ?? '/';
    this.charset = setup.charset;
    this.names = setup.names ?? SYSTEM_NAMES;
    const linksAgreed = setup.peerConvertsLinks ?? agreement.dialect.symlinkIconv;
    this.convertsLinks = linksAgreed && agreement.dialect.protocol >= 30;
    this.#emit = setup.onEvent;
    this.ndxIn = new NdxReader(agreement.dialect);
    this.ndxOut = new NdxWriter(agreement.dialect);
    this.stats.protocol = agreement.dialect.protocol;
    this.timeout = options.timeout;
    this.fake = FakeSuper.open(this);
    this.superUser = options.superUser ?? isRoot();
    if (options.bwlimit > 0) wire.limit(options.bwlimit * 1024);
  }

  #trustedPaths(): (path: string, followLast: boolean, bounded?: boolean) => void {
    const { insecureLinks: insecure, confineRoot } = this.options;
    const onUntrusted = (line: string): void => this.complain(`${line}\n`);
    const paths = new TrustedPaths({ insecure, confineRoot, onUntrusted });
    return (path, followLast, bounded) => paths.check(path, followLast, bounded);
  }

  #boundPaths(): (path: string, followLast: boolean) => void {
    const { confineRoot } = this.options;
    if (confineRoot === undefined) return () => {};
    const paths = new TrustedPaths({ insecure: true, confineRoot });
    return (path, followLast) => paths.check(path, followLast);
  }

  /** Level of an `--info` word. */
  info(word: string): number {
    return this.options.quiet ? 0 : (this.options.infoLevels[word] ?? 0);
  }

  /** Level of a `--debug` word. */
  debug(word: string): number {
    return this.options.quiet ? 0 : (this.options.debugLevels[word] ?? 0);
  }

  emit(event: TransferEvent): void {
    this.#emit?.(event);
  }

  /** Whether anyone listens: events that cost something are not made otherwise. */
  get observed(): boolean {
    return this.#emit !== undefined;
  }

  /** The record of what this side deleted (docs/spec/session.md §8.6). */
  writeDeleteStats(): void {
    const { regular, directories, symlinks, devices, specials } = this.stats.deleted;
    this.ndxOut.write(this.wire.out, NDX_DEL_STATS);
    writeDeleteStats(this.wire.out, { files: regular, directories, symlinks, devices, specials });
  }

  // ------------------------------------------------------------------------- messages out

  /** Text for the user's standard output. */
  say(text: string): void {
    if (this.options.quiet) return;
    this.#text('info', MessageTag.INFO, text);
  }

  /** Something to know that is of no interest to a daemon's log. */
  tell(text: string): void {
    if (!this.server) this.say(text);
    else if (!this.options.quiet) {
      const sent = this.charset?.textToUtf8(text) ?? text;
      this.wire.message(MessageTag.INFO, Buffer.from(sent, 'latin1'));
    }
  }

  /** A name that came has no form in this side's charset; the text is UTF-8 as it came. */
  unconvertible(text: string): void {
    this.ioError |= IoError.GENERAL;
    if (this.server && this.wire.framed) {
      const tag = this.#knowsLevels ? MessageTag.ERROR : MessageTag.ERROR_XFER;
      this.wire.message(tag, Buffer.from(text.slice(0, MAX_TEXT_BYTES), 'latin1'));
    }
    this.emit({ kind: 'message', level: 'error', origin: 'local', text });
  }

  /** `--debug=iconv`, at a server, whose user reads it among the errors: the charset of its names. */
  showCharset(): void {
    if (this.charset === undefined || this.debug('iconv') === 0) return;
    const who =
      this.options.secludedArgs === true ? 'server' : this.receives ? 'Receiver' : 'sender';
    this.complain(`[${who}] charset: ${this.charset.name}\n`);
  }

  /** Whether the peer tells warnings and errors from other texts. */
  get #knowsLevels(): boolean {
    return this.local || this.agreement.dialect.protocol >= 30;
  }

  warn(text: string): void {
    const tag = this.#knowsLevels ? MessageTag.WARNING : MessageTag.INFO;
    this.#text('warning', tag, text);
  }

  /** An error that by itself does not change the exit code. */
  complain(text: string): void {
    const tag = this.#knowsLevels ? MessageTag.ERROR : MessageTag.ERROR_XFER;
    this.#text('error', tag, text);
  }

  /** Something could not be transferred: the run ends with code 23. */
  transferError(text: string): void {
    this.partial = true;
    this.#text('error', MessageTag.ERROR_XFER, text);
  }

  /** The usual form: `rsync: [role] WHAT: STRERROR (ERRNO)`. */
  systemError(role: Role, what: string, error: unknown): void {
    this.transferError(`rsync: [${role}] ${what}: ${errnoText(error)}\n`);
  }

  /** The same for something that goes on differently: the exit code stays. */
  systemWarning(role: Role, what: string, error: unknown): void {
    this.complain(`rsync: [${role}] ${what}: ${errnoText(error)}\n`);
  }

  /** A server's texts go to its client, and to whoever listens here (a daemon's log). */
  #text(level: 'info' | 'warning' | 'error', tag: number, text: string): void {
    if (this.server && this.wire.framed) {
      const sent = this.charset?.textToUtf8(text) ?? text;
      this.wire.message(tag, Buffer.from(sent.slice(0, MAX_TEXT_BYTES), 'latin1'));
    }
    this.emit({ kind: 'message', level, origin: 'local', text });
  }

  // -------------------------------------------------------------------------- messages in

  /** Called by the wire, in arrival order. */
  onMessage(message: MuxMessage): void {
    const { tag, payload } = message;
    const value = messageValue(message);
    switch (tag) {
      case MessageTag.INFO:
        this.#remoteText('info', MessageTag.INFO, payload);
        break;
      case MessageTag.WARNING:
        this.#remoteText('warning', MessageTag.WARNING, payload);
        break;
      case MessageTag.ERROR:
        this.#remoteText('error', MessageTag.ERROR, payload);
        break;
      case MessageTag.ERROR_XFER:
        this.partial = true;
        this.#remoteText('error', MessageTag.ERROR_XFER, payload);
        break;
      case MessageTag.IO_ERROR:
        this.ioError |= (value ?? 0) & 7;
        break;
      case MessageTag.IO_TIMEOUT:
        this.#shortenTimeout(value ?? 0);
        break;
      case MessageTag.NO_SEND:
        if (value !== undefined) this.role?.noSend?.(value);
        break;
      case MessageTag.SUCCESS:
        if (value !== undefined) this.role?.success?.(value);
        break;
      case MessageTag.DELETED:
        this.#remoteDeletion(payload);
        break;
      case MessageTag.ERROR_EXIT:
        this.#remoteExit(value);
        break;
      case MessageTag.NOOP:
        if (!this.receives) this.wire.keepAlive();
        break;
      default:
      // Everything else the decoder refused.
    }
  }

  #remoteText(level: 'info' | 'warning' | 'error', tag: number, payload: Uint8Array): void {
    if (this.server) this.#sendBack(tag, payload);
    else {
      const sent = decodeByteString(payload);
      const text = this.charset?.textFromUtf8(sent) ?? sent;
      this.emit({ kind: 'message', level, origin: 'remote', text });
    }
  }

  /** A server treats a client's texts as its own; from one that does not read them they are dropped. */
  #sendBack(tag: number, payload: Uint8Array): void {
    if (!this.wire.congested) this.wire.message(tag, payload.slice());
  }

  #remoteDeletion(payload: Uint8Array): void {
    if (this.server) {
      this.#sendBack(MessageTag.DELETED, payload);
      return;
    }
    const { name, isDirectory } = decodeDeletedName(payload);
    this.emit({ kind: 'delete', name: this.charset?.textFromUtf8(name) ?? name, isDirectory });
  }

  /** The peer dies (with a code) or has heard that we do (docs/spec/session.md §10.2). */
  #remoteExit(code: number | undefined): void {
    if (code !== undefined) this.wire.message(MessageTag.ERROR_EXIT, new Uint8Array(0));
    this.wire.flush();
    throw new RemoteError(
      code === undefined ? 'the peer stopped' : `the peer stopped with exit code ${code}`,
      { code: 'REMOTE_EXIT', exitCode: code ?? ExitCode.STREAM },
    );
  }

  #shortenTimeout(seconds: number): void {
    if (this.server) throw new ProtocolError('unexpected IO_TIMEOUT from a client');
    if (seconds < 1 || seconds > 86_400) return;
    if (this.timeout === 0 || seconds < this.timeout) {
      this.timeout = seconds;
      this.startTimers();
    }
  }

  // ------------------------------------------------------------------------------- timers

  /** Keep-alives, the I/O timeout (docs/spec/session.md §10.3) and `--stop-at`. */
  startTimers(): void {
    this.stopTimers();
    this.#startStopTimer();
    this.#stopWatch = watchIdle(this.wire, {
      seconds: this.timeout,
      role: () => (this.receives ? (this.early ? 'Receiver' : 'generator') : 'sender'),
      keepsAlive: () => !this.early,
    });
  }

  stopTimers(): void {
    this.#stopWatch();
    clearTimeout(this.#stopTimer);
  }

  #startStopTimer(): void {
    const { stopAt } = this.options;
    if (stopAt === undefined) return;
    const left = stopAt - Date.now();
    this.#stopTimer = setTimeout(
      () => {
        if (left > MAX_TIMER_MS) this.#startStopTimer();
        else this.wire.fail(stopRequested());
      },
      Math.min(Math.max(left, 0), MAX_TIMER_MS),
    );
    this.#stopTimer.unref();
  }

  /** Give back what outlives the session otherwise. */
  release(): void {
    this.stopTimers();
    this.agreement.compression?.close();
  }

  /** Exit code of an orderly end (docs/spec/session.md §10.1). */
  get exitCode(): number {
    if (this.partial || (this.ioError & IoError.GENERAL) !== 0) return ExitCode.PARTIAL;
    if ((this.ioError & IoError.VANISHED) !== 0) return ExitCode.VANISHED;
    if ((this.ioError & IoError.DELETE_LIMIT) !== 0) return ExitCode.DELETE_LIMIT;
    return 0;
  }
}

/** As rsync does it, which has entered the destination: that one itself keeps its dot. */
function showAbsolute(path: string): string {
  return `"${absolutePath(path)}${path.endsWith('/.') ? '/.' : ''}"`;
}

/** The time of `--stop-at` or `--stop-after` has come. */
function stopRequested(): RsyncError {
  return new RsyncError('stopping at requested limit', {
    code: 'STOP_AT',
    exitCode: ExitCode.TIMEOUT,
  });
}
