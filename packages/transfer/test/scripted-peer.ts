/* Peers that are played by a test, message by message, and how our roles end against them. */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { sortEntries } from '@deltawire/file-list';
import type { FilterRule } from '@deltawire/filters';
import {
  type ByteWriter,
  CompatFlag,
  createBlockSums,
  createDialect,
  createFileEntry,
  type Dialect,
  type EntryCodecOptions,
  type FileEntry,
  FileEntryReader,
  FileEntryWriter,
  ItemFlag,
  NDX_DEL_STATS,
  NDX_DONE,
  NDX_FLIST_EOF,
  NDX_FLIST_OFFSET,
  NdxReader,
  NdxWriter,
  readBlockSums,
  readDeleteStats,
  readFilterText,
  readItemHeader,
  readSumHead,
  readToken,
  type SumHead,
  writeEndToken,
  writeIdList,
  writeItemHeader,
  writeLiteralToken,
  writeSumHead,
  writeTransferStats,
  writeVarint,
} from '@deltawire/protocol';
import { makeTree, type TreeSpec, temporaryDirectory } from '../../testkit/src/index.ts';
import {
  connectionPair,
  DEFAULT_TRANSFER_OPTIONS,
  type RunOptions,
  runClient,
  runServer,
  type TransferEvent,
  type TransferOptions,
} from '../src/index.ts';
import { Wire } from '../src/wire.ts';

/** No role may take longer than this to see that its peer is no good. */
const HANG_MS = 5000;

export const ARCHIVE: TransferOptions = {
  ...DEFAULT_TRANSFER_OPTIONS,
  recursive: true,
  links: true,
  perms: true,
  times: true,
  checksumSeed: 1,
  // No strings to negotiate: the peers here need not read before they write.
  checksumChoice: { transfer: 'md5', file: 'md5' },
};

const CAPABILITIES = 0x1fe;
export const MD5_BYTES = 16;

/** How a role ended. */
export interface Outcome {
  readonly exitCode: number;
  /** Of the error, or empty. */
  readonly message: string;
  /** Whether the error is one of ours, with a code to tell it by. */
  readonly typed: boolean;
  readonly events: readonly TransferEvent[];
  /** Files, symlinks and directories at the destination, as text. */
  readonly tree: Readonly<Record<string, string>>;
  /** The same of the directory beside it, which nobody may touch. */
  readonly outside: Readonly<Record<string, string>>;
}

export interface PeerSettings {
  readonly options?: Partial<TransferOptions>;
  /** @default 32 */
  readonly protocol?: number;
  /** Incremental recursion. @default true */
  readonly incremental?: boolean;
  readonly filters?: readonly FilterRule[];
  readonly requested?: readonly string[];
  /** What is at the destination (receiving) or the source (sending). */
  readonly files?: TreeSpec;
  readonly run?: RunOptions;
  /** Names come from the client. */
  readonly filesFrom?: '-';
  /** A single path below the destination. @default the directory itself */
  readonly destination?: string;
}

/** Everything below a directory. */
export function listTree(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (directory: string, prefix: string): void => {
    for (const item of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, item.name);
      const name = prefix + item.name;
      if (item.isSymbolicLink()) found[name] = `-> ${readlinkSync(path)}`;
      else if (item.isDirectory()) {
        found[name] = 'directory';
        visit(path, `${name}/`);
      } else found[name] = item.isFile() ? readFileSync(path, 'latin1') : 'special';
    }
  };
  visit(root, '');
  return found;
}

/** What is in the directory that nobody may touch. */
export const OUTSIDE: Readonly<Record<string, string>> = { precious: 'untouched' };

/** Our pulling client against a sender that a test plays. */
export async function pullFrom(
  script: (peer: SenderPeer) => Promise<void> | void,
  settings: PeerSettings = {},
): Promise<Outcome> {
  const options = { ...ARCHIVE, ...settings.options, protocol: settings.protocol ?? 32 };
  return play(settings, async (near, far, destination, events) => {
    const incremental = settings.incremental ?? true;
    const peer = SenderPeer.open(far, options, incremental);
    const role = runClient(
      near,
      {
        role: 'receiver',
        options: { ...options, incRecursive: incremental },
        filters: settings.filters ?? [],
        sources: [],
        destination,
        requested: settings.requested ?? ['src/'],
        handshake: { kind: 'binary' },
      },
      { onEvent: (event) => events.push(event), ...settings.run },
    );
    return { role, peer: peer.play(script) };
  });
}

/** Our receiving server against a client that a test plays. */
export async function pushFrom(
  script: (peer: SenderPeer) => Promise<void> | void,
  settings: PeerSettings = {},
): Promise<Outcome> {
  const options = { ...ARCHIVE, ...settings.options, protocol: settings.protocol ?? 32 };
  return play(settings, async (near, far, destination, events) => {
    const incremental = settings.incremental ?? true;
    const peer = SenderPeer.openClient(far, options, incremental);
    const role = runServer(
      near,
      {
        options: {
          ...options,
          sender: false,
          clientInfo: incremental ? '.iLsfxCIvu' : '.LsfxCIvu',
        },
        paths: [destination],
        handshake: { kind: 'binary' },
      },
      { onEvent: (event) => events.push(event), ...settings.run },
    );
    return { role, peer: peer.play(script) };
  });
}

/** Our sending server against a generator that a test plays. */
export async function serveTo(
  script: (peer: GeneratorPeer) => Promise<void> | void,
  settings: PeerSettings = {},
): Promise<Outcome> {
  const options = { ...ARCHIVE, ...settings.options, protocol: settings.protocol ?? 32 };
  return play(settings, async (near, far, source, events) => {
    const incremental = settings.incremental ?? true;
    const peer = GeneratorPeer.open(far, options, incremental);
    const role = runServer(
      near,
      {
        options: {
          ...options,
          sender: true,
          clientInfo: incremental ? '.iLsfxCIvu' : '.LsfxCIvu',
          ...(settings.filesFrom === undefined ? {} : { filesFrom: settings.filesFrom }),
        },
        paths: [source],
        handshake: { kind: 'binary' },
      },
      { onEvent: (event) => events.push(event), ...settings.run },
    );
    return { role, peer: peer.play(script) };
  });
}

type Pair = ReturnType<typeof connectionPair>;

async function play(
  settings: PeerSettings,
  start: (
    near: Pair[0],
    far: Pair[1],
    root: string,
    events: TransferEvent[],
  ) => Promise<{ role: Promise<{ readonly exitCode: number }>; peer: Promise<void> }>,
): Promise<Outcome> {
  using dir = temporaryDirectory();
  makeTree(dir.join('root'), settings.files ?? {});
  makeTree(dir.join('outside'), OUTSIDE);
  const [near, far] = connectionPair();
  const events: TransferEvent[] = [];
  const root = `${dir.join('root')}/${settings.destination ?? ''}`;
  const { role, peer } = await start(near, far, root, events);
  let exitCode = 0;
  let failure: unknown;
  const ended = role.then(
    (result) => {
      exitCode = result.exitCode;
    },
    (error: unknown) => {
      failure = error;
    },
  );
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('our role hangs')), HANG_MS);
  });
  try {
    await Promise.race([Promise.all([ended, peer]), hang]);
  } finally {
    clearTimeout(timer);
    await near.close();
    await far.close();
  }
  const code = (failure as { exitCode?: unknown } | undefined)?.exitCode;
  return {
    exitCode: failure === undefined ? exitCode : Number(code),
    message: failure === undefined ? '' : (failure as Error).message,
    typed: failure === undefined || typeof code === 'number',
    events,
    tree: listTree(dir.join('root')),
    outside: listTree(dir.join('outside')),
  };
}

/** What all played peers have: a wire that they may misuse. */
class Peer {
  readonly wire: Wire;
  readonly dialect: Dialect;
  readonly codec: EntryCodecOptions;
  readonly ndxIn: NdxReader;
  readonly ndxOut: NdxWriter;
  readonly messages: { tag: number; payload: Uint8Array }[] = [];
  readonly #connection: Pair[1];

  protected constructor(far: Pair[1], options: TransferOptions, incremental: boolean) {
    this.#connection = far;
    this.wire = new Wire(far, { onMessage: (message) => this.messages.push(message) });
    const flags = CAPABILITIES | (incremental ? CompatFlag.INC_RECURSE : 0);
    this.dialect = createDialect(options.protocol, options.protocol >= 30 ? flags : 0);
    this.codec = {
      uid: options.owner,
      gid: options.group,
      links: options.links,
      devices: options.devices,
      specials: options.specials,
      hardLinks: options.hardLinks,
      checksumLength: options.checksum ? MD5_BYTES : 0,
      atimes: options.atimes > 0,
      crtimes: false,
      inlineNames: this.dialect.incRecurse,
      relative: options.relative,
      recursive: options.recursive,
    };
    this.ndxIn = new NdxReader(this.dialect);
    this.ndxOut = new NdxWriter(this.dialect);
  }

  protected async run(script: () => Promise<void> | void): Promise<void> {
    try {
      await script();
      this.wire.flush();
    } catch {
      // Our role has gone away in the middle of the script, which is what most scripts are for.
    }
    await this.wire.finish(HANG_MS).catch(() => {});
    await this.#connection.close();
  }

  /** Write bytes into the logical stream. */
  write(put: (out: ByteWriter) => void): void {
    put(this.wire.out);
    this.wire.send();
  }

  ndx(ndx: number): void {
    this.write((out) => this.ndxOut.write(out, ndx));
  }

  done(): void {
    this.ndx(NDX_DONE);
  }

  message(tag: number, payload: Uint8Array): void {
    this.wire.message(tag, payload);
  }
}

/** What a generator asks for. */
export interface PlayedRequest {
  readonly ndx: number;
  readonly iflags: number;
  readonly head: SumHead | undefined;
}

/** A sender that a test plays. */
export class SenderPeer extends Peer {
  readonly #entries: FileEntryWriter;
  readonly #server: boolean;
  readonly #options: TransferOptions;
  #nextStart: number;
  #lists = 0;

  private constructor(
    far: Pair[1],
    options: TransferOptions,
    incremental: boolean,
    server: boolean,
  ) {
    super(far, options, incremental);
    this.#options = options;
    this.#server = server;
    this.#entries = new FileEntryWriter(this.dialect, this.codec);
    this.#nextStart = incremental && options.protocol >= 30 ? 1 : 0;
  }

  /** As a server: says its part of the handshake at once. */
  static open(far: Pair[1], options: TransferOptions, incremental: boolean): SenderPeer {
    const peer = new SenderPeer(far, options, incremental, true);
    const { out } = peer.wire;
    out.u32(options.protocol);
    if (options.protocol >= 30) writeVarint(out, CAPABILITIES | (incremental ? 1 : 0));
    out.i32(1);
    peer.wire.flush();
    return peer;
  }

  /** As a client. */
  static openClient(far: Pair[1], options: TransferOptions, incremental: boolean): SenderPeer {
    const peer = new SenderPeer(far, options, incremental, false);
    peer.wire.out.u32(options.protocol);
    peer.wire.flush();
    return peer;
  }

  async play(script: (peer: SenderPeer) => Promise<void> | void): Promise<void> {
    await this.run(async () => {
      await this.wire.read((r) => r.i32());
      if (this.#server) {
        this.wire.startOutputMux();
        if (this.dialect.multiplexInput) this.wire.startInputMux('server');
        while ((await this.wire.read(readFilterText)) !== '');
      } else {
        if (this.dialect.protocol >= 30) await this.wire.read((r) => r.u8());
        if (this.dialect.protocol >= 30) await this.wire.read((r) => r.u8());
        await this.wire.read((r) => r.i32());
        if (this.dialect.multiplexInput) this.wire.startOutputMux();
        this.wire.startInputMux('client');
      }
      await script(this);
    });
  }

  /** A list as it should be: the first one, or that of a directory. Returns where it starts. */
  list(entries: readonly Partial<FileEntry>[], directory?: number): number {
    const start = this.begin(directory);
    for (const entry of entries) this.entry(entry, start);
    this.endList();
    this.#nextStart += entries.length + 1;
    return start;
  }

  /** Only the announcement of a list. */
  begin(directory?: number): number {
    if (directory !== undefined) this.ndx(NDX_FLIST_OFFSET - directory);
    return this.#nextStart;
  }

  entry(entry: Partial<FileEntry>, start: number = 1): void {
    const complete = createFileEntry({ mode: 0o100644, mtime: 1_700_000_000, ...entry });
    this.write((out) => this.#entries.write(out, complete, start));
  }

  endList(ioError = 0): void {
    this.#lists++;
    this.write((out) => {
      this.#entries.end(out, ioError);
      if (this.dialect.incRecurse) return;
      for (const kept of [this.#options.owner, this.#options.group]) {
        if (kept) writeIdList(out, this.dialect, { entries: [], id0Name: '' });
      }
      if (!this.dialect.ioErrorMessages) out.i32(ioError);
    });
  }

  endOfLists(): void {
    this.ndx(NDX_FLIST_EOF);
  }

  /** The next thing that the generator wants; DONEs and other values have no head. */
  async request(): Promise<PlayedRequest> {
    this.wire.flush();
    const ndx = await this.wire.read((r) => this.ndxIn.read(r));
    if (ndx === NDX_DEL_STATS) await this.wire.read(readDeleteStats);
    if (ndx < 0) return { ndx, iflags: 0, head: undefined };
    const { iflags } = await this.wire.read((r) => readItemHeader(r, this.dialect));
    if ((iflags & ItemFlag.TRANSFER) === 0) return { ndx, iflags, head: undefined };
    const head = await this.wire.read((r) => readSumHead(r, this.dialect, MD5_BYTES));
    const sums = createBlockSums(head);
    while (!(await this.wire.read((r) => readBlockSums(r, sums))));
    return { ndx, iflags, head };
  }

  /** The next request for content; items without any are echoed. */
  async transferRequest(): Promise<PlayedRequest & { readonly head: SumHead }> {
    for (;;) {
      const request = await this.request();
      const { ndx, iflags, head } = request;
      if (head !== undefined) return { ndx, iflags, head };
      if (ndx < 0) throw new Error(`the generator wrote ${ndx}`);
      this.item(ndx, iflags);
    }
  }

  item(ndx: number, iflags: number): void {
    this.ndx(ndx);
    this.write((out) =>
      writeItemHeader(out, this.dialect, { iflags, basisType: 0x80, xname: undefined }),
    );
  }

  /** The beginning of an answer: item and sum head. */
  answer(ndx: number, head: SumHead, iflags: number = ItemFlag.TRANSFER): void {
    this.item(ndx, iflags);
    this.write((out) => writeSumHead(out, head));
  }

  /** The whole content as one literal. */
  content(bytes: Uint8Array, sum: Uint8Array): void {
    this.write((out) => {
      if (bytes.length > 0) {
        writeLiteralToken(out, bytes.length);
        out.bytes(bytes);
      }
      writeEndToken(out);
      out.bytes(sum);
    });
  }

  /** Behave from here on: answer what is asked for and say goodbye. */
  async behave(contents: (ndx: number) => { bytes: Uint8Array; sum: Uint8Array }): Promise<void> {
    let left = this.#lists - 1;
    if (!this.dialect.incRecurse) left = 0;
    for (let phase = 0; phase <= this.dialect.phases; ) {
      const { ndx, iflags, head } = await this.request();
      if (head !== undefined) {
        this.answer(ndx, head, iflags);
        const { bytes, sum } = contents(ndx);
        this.content(bytes, sum);
      } else if (ndx >= 0) {
        this.item(ndx, iflags);
      } else if (ndx === NDX_DONE) {
        if (left > 0) left--;
        else phase++;
        this.done();
      }
    }
    if (this.#server) {
      this.write((out) =>
        writeTransferStats(out, this.dialect, {
          bytesRead: 1,
          bytesWritten: 1,
          totalSize: 1,
          listBuildMs: 1,
          listTransferMs: 0,
        }),
      );
    }
    if (this.dialect.extraGoodbye) {
      while ((await this.request()).ndx !== NDX_DONE);
      this.done();
    }
    while ((await this.request()).ndx !== NDX_DONE);
  }
}

/** A receiving client that a test plays. */
export class GeneratorPeer extends Peer {
  static open(far: Pair[1], options: TransferOptions, incremental: boolean): GeneratorPeer {
    const peer = new GeneratorPeer(far, options, incremental);
    peer.wire.out.u32(options.protocol);
    peer.wire.flush();
    return peer;
  }

  async play(script: (peer: GeneratorPeer) => Promise<void> | void): Promise<void> {
    await this.run(async () => {
      await this.wire.read((r) => r.i32());
      if (this.dialect.protocol >= 30) {
        await this.wire.read((r) => r.u8());
        await this.wire.read((r) => r.u8());
      }
      await this.wire.read((r) => r.i32());
      if (this.dialect.multiplexInput) this.wire.startOutputMux();
      this.wire.startInputMux('client');
      await script(this);
    });
  }

  /** The end of the filter rules, which a sending server waits for. */
  noRules(): void {
    this.write((out) => out.i32(0));
  }

  /** Read lists up to their end; returns the names by index. */
  async lists(): Promise<Map<number, string>> {
    const names = new Map<number, string>();
    const reader = new FileEntryReader(this.dialect, this.codec);
    let start = this.dialect.incRecurse ? 1 : 0;
    for (;;) {
      reader.beginList(start);
      const listed: FileEntry[] = [];
      for (;;) {
        const entry = await this.wire.read((r) => reader.read(r));
        if ('end' in entry) break;
        listed.push(entry);
      }
      const sorted = sortEntries(listed, this.dialect.directorySort);
      for (const [i, { name }] of sorted.entries()) names.set(start + i, name);
      start += listed.length + 1;
      if (!this.dialect.incRecurse) return names;
      const ndx = await this.wire.read((r) => this.ndxIn.read(r));
      if (ndx === NDX_FLIST_EOF) return names;
    }
  }

  item(ndx: number, iflags: number): void {
    this.ndx(ndx);
    this.write((out) =>
      writeItemHeader(out, this.dialect, { iflags, basisType: 0x80, xname: undefined }),
    );
  }

  /** Ask for content, with any head one likes. */
  ask(ndx: number, head: SumHead = NO_BASIS): void {
    this.item(ndx, ItemFlag.TRANSFER);
    this.write((out) => writeSumHead(out, head));
  }

  /** Read one whole answer. */
  async content(): Promise<Uint8Array> {
    this.wire.flush();
    await this.wire.read((r) => this.ndxIn.read(r));
    await this.wire.read((r) => readItemHeader(r, this.dialect));
    await this.wire.read((r) => readSumHead(r, this.dialect, MD5_BYTES));
    const parts: Uint8Array[] = [];
    for (;;) {
      const token = await this.wire.read(readToken);
      if (token === 0) break;
      if (token > 0) parts.push((await this.wire.read((r) => r.bytes(token))).slice());
    }
    await this.wire.read((r) => r.bytes(MD5_BYTES));
    return Buffer.concat(parts);
  }

  /** Everything up to the end of the connection, unread. */
  async drain(): Promise<void> {
    this.wire.flush();
    await this.wire.read((r) => r.bytes(Number.MAX_SAFE_INTEGER));
  }
}

export const NO_BASIS: SumHead = {
  blockCount: 0,
  blockLength: 0,
  strongLength: 0,
  remainderLength: 0,
};
