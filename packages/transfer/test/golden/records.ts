import { digestLength, parseChecksumName } from '@deltawire/checksums';
import {
  createTokenDecompressor,
  parseCompressorName,
  type TokenDecompressor,
} from '@deltawire/compression';
import {
  aclKey,
  ByteReader,
  CompressedTokenReader,
  createBlockSums,
  type EntryCodecOptions,
  escapeForDisplay,
  type FileEntry,
  FileEntryReader,
  FilesFromDecoder,
  hasXattrPart,
  ItemFlag,
  isDirectoryMode,
  NDX_DEL_STATS,
  NDX_DONE,
  NDX_FLIST_EOF,
  NDX_FLIST_OFFSET,
  NdxReader,
  readBlockSums,
  readDeleteStats,
  readFilterText,
  readIdList,
  readItemHeader,
  readSumHead,
  readToken,
  readTransferStats,
  readXattrRequest,
  readXattrValueHead,
} from '@deltawire/protocol';
import { deletes } from '../../src/options.ts';
import type { Recording } from './recording.ts';

/*
 * A logical stream as one line per element, so that two of them can be compared and the difference
 * read. Normalised, because nothing promises it:
 * - the entries of a list are sorted: rsync sends them in the order in which the directory gives
 *   them, and indexes count in sorted order anyway;
 * - the sizes of directories are left out: they are those of the file system;
 * - names of users and groups are noted once, not at the entry that is the first to have them;
 * - compressed data is shown as what it stands for: no two versions of a library compress alike;
 * - of the statistics only the total size is kept: the rest counts frames and milliseconds.
 */

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What the client writes. */
export function clientRecords(recording: Recording, stream: Uint8Array): string[] {
  const { pull, server, dialect } = recording;
  const walk = new Walk(recording, stream);
  const wanted =
    server.pruneEmptyDirs || (deletes(server) && !(server.deleteExcluded && dialect.protocol < 29));
  return walk.all(() => {
    if (pull || wanted) walk.rules();
    if (server.filesFrom === '-') walk.names();
    if (pull) walk.generator();
    else walk.sender(false);
  });
}

/** What the server writes. */
export function serverRecords(recording: Recording, stream: Uint8Array): string[] {
  const { pull, server } = recording;
  const walk = new Walk(recording, stream);
  return walk.all(() => {
    if (!pull && server.filesFrom !== undefined && server.filesFrom !== '-') walk.names();
    if (pull) walk.sender(true);
    else walk.generator();
  });
}

class Walk {
  readonly #recording: Recording;
  readonly #reader: ByteReader;
  readonly #lines: string[] = [];
  readonly #ndx: NdxReader;
  readonly #entries: FileEntryReader;
  readonly #codec: EntryCodecOptions;
  readonly #digestLength: number;
  readonly #compressed: CompressedTokenReader = new CompressedTokenReader();
  readonly #decompressor: TokenDecompressor | undefined;
  #nextStart: number;
  #lists = 0;
  #done = 0;

  constructor(recording: Recording, stream: Uint8Array) {
    const { dialect } = recording;
    this.#recording = recording;
    this.#reader = new ByteReader(stream);
    this.#ndx = new NdxReader(dialect);
    this.#codec = codecOptions(recording);
    this.#entries = new FileEntryReader(dialect, this.#codec);
    this.#digestLength = digestLength(parseChecksumName(recording.checksum)!);
    const compressor = parseCompressorName(recording.compressor ?? 'none');
    if (compressor !== undefined) {
      this.#decompressor = createTokenDecompressor(compressor);
    }
    this.#nextStart = dialect.incRecurse ? 1 : 0;
  }

  /** The lines; what could not be understood is the last of them. */
  all(walk: () => void): string[] {
    try {
      walk();
      if (this.#reader.available > 0) this.#lines.push(`${this.#reader.available} bytes more`);
    } catch (error) {
      this.#lines.push(String(error));
    }
    return this.#lines;
  }

  rules(): void {
    for (
      let text = readFilterText(this.#reader);
      text !== '';
      text = readFilterText(this.#reader)
    ) {
      this.#lines.push(`rule ${text}`);
    }
    this.#lines.push('end of rules');
  }

  names(): void {
    const reader = this.#reader;
    const decoder = new FilesFromDecoder();
    for (const name of decoder.push(reader.bytes(reader.available)))
      this.#lines.push(`name ${name}`);
    reader.position -= decoder.rest.length;
    this.#lines.push('end of names');
  }

  sender(server: boolean): void {
    const reader = this.#reader;
    const { dialect } = this.#recording;
    if (reader.available === 0) return; // it died before its list
    this.#list();
    if (!dialect.incRecurse) this.#trailer();
    while (reader.available > 0) {
      if (server && this.#done === this.#lists + dialect.phases) {
        this.#done = Number.NaN;
        const { totalSize } = readTransferStats(reader, dialect);
        this.#lines.push(`statistics, total size ${totalSize}`);
        continue;
      }
      const ndx = this.#ndx.read(reader);
      if (ndx === NDX_DONE) this.#readDone();
      else if (ndx === NDX_DEL_STATS) this.#deletions();
      else if (ndx === NDX_FLIST_EOF) this.#lines.push('no more lists');
      else if (ndx <= NDX_FLIST_OFFSET) this.#list(NDX_FLIST_OFFSET - ndx);
      else this.#item(ndx, true);
    }
  }

  generator(): void {
    while (this.#reader.available > 0) {
      const ndx = this.#ndx.read(this.#reader);
      if (ndx === NDX_DONE) this.#readDone();
      else if (ndx === NDX_DEL_STATS) this.#deletions();
      else this.#item(ndx, false);
    }
  }

  #readDone(): void {
    this.#done++;
    this.#lines.push('DONE');
  }

  #list(directory?: number): void {
    const start = this.#nextStart;
    const entries: FileEntry[] = [];
    this.#entries.beginList(start);
    let ioError: number | undefined;
    while (ioError === undefined) {
      const entry = this.#entries.read(this.#reader);
      if ('end' in entry) ioError = entry.ioError;
      else entries.push(entry);
    }
    this.#lists++;
    this.#nextStart += entries.length + 1;
    const of = directory === undefined ? '' : ` of directory ${directory}`;
    this.#lines.push(`list${of} from ${start}, io_error ${ioError}`);
    this.#lines.push(...entries.map((entry) => this.#entry(entry)).sort());
    const users = new Set(entries.flatMap(({ uid, userName }) => nameOf(uid, userName)));
    const groups = new Set(entries.flatMap(({ gid, groupName }) => nameOf(gid, groupName)));
    for (const name of users) this.#lines.push(`  user ${name}`);
    for (const name of groups) this.#lines.push(`  group ${name}`);
  }

  #entry(entry: FileEntry): string {
    const { uid, gid } = this.#codec;
    const directory = isDirectoryMode(entry.mode);
    return [
      `  ${escapeForDisplay(entry.name)}`,
      entry.mode.toString(8),
      ...(directory ? [] : [entry.size]),
      `${entry.mtime}.${entry.mtimeNs}`,
      ...(uid ? [entry.uid] : []),
      ...(gid ? [entry.gid] : []),
      ...(entry.linkTarget === '' ? [] : [`-> ${entry.linkTarget}`]),
      ...(directory ? [`top ${entry.topDir}`, `empty ${entry.noContent}`] : []),
      ...[entry.acls?.access, entry.acls?.default].flatMap((acl) =>
        acl === undefined ? [] : [`acl ${aclKey(acl)}`],
      ),
      ...(entry.xattrs ?? []).map(({ name, length, value, digest }) =>
        [name, length, hex(value ?? digest ?? new Uint8Array(0))].join('='),
      ),
      ...(entry.checksum === undefined ? [] : [hex(entry.checksum)]),
    ].join(' ');
  }

  #trailer(): void {
    const { dialect, server } = this.#recording;
    for (const kept of [this.#codec.uid, this.#codec.gid]) {
      if (!kept || server.numericIds) continue;
      const { entries, id0Name } = readIdList(this.#reader, dialect);
      const ids = entries.map(({ id, name }) => `${id}=${name}`);
      this.#lines.push(`ids ${ids.join(' ')}, 0=${id0Name}`);
    }
    if (!dialect.ioErrorMessages) this.#lines.push(`io_error ${this.#reader.i32()}`);
  }

  #deletions(): void {
    const { files, directories, symlinks, devices, specials } = readDeleteStats(this.#reader);
    const counts = [files, directories, symlinks, devices, specials];
    this.#lines.push(`deleted ${counts.join(' ')}`);
  }

  #item(ndx: number, fromSender: boolean): void {
    const reader = this.#reader;
    const { dialect, server } = this.#recording;
    const { iflags, basisType, xname } = readItemHeader(reader, dialect);
    this.#lines.push(`item ${ndx} ${iflags.toString(16)} ${basisType.toString(16)} ${xname ?? ''}`);
    if (server.xattrs > 0 && !server.dryRun && hasXattrPart(dialect, iflags)) {
      this.#xattrs(fromSender);
    }
    if ((iflags & ItemFlag.TRANSFER) === 0 || server.dryRun) return;
    const head = readSumHead(reader, dialect, this.#digestLength);
    const { blockCount, blockLength, strongLength, remainderLength } = head;
    this.#lines.push(`  ${blockCount} blocks ${blockLength} ${strongLength} ${remainderLength}`);
    if (!fromSender) {
      const sums = createBlockSums(head);
      while (!readBlockSums(reader, sums));
      for (const [block, weak] of sums.weak.entries()) {
        const at = block * strongLength;
        const strong = sums.strong.subarray(at, at + strongLength);
        this.#lines.push(`  block ${block} ${weak.toString(16)} ${hex(strong)}`);
      }
      return;
    }
    if (this.#decompressor === undefined) this.#tokens();
    else this.#compressedTokens(this.#decompressor, blockCount);
    this.#lines.push(`  sum ${hex(reader.bytes(this.#digestLength))}`);
  }

  #xattrs(fromSender: boolean): void {
    const reader = this.#reader;
    if (!fromSender) {
      this.#lines.push(`  xattrs ${readXattrRequest(reader).join(' ')}`);
      return;
    }
    for (let previous = 0; ; ) {
      const head = readXattrValueHead(reader, previous);
      if (head === 'end') return;
      previous = head.number;
      this.#lines.push(`  xattr ${head.number} ${hex(reader.bytes(head.length))}`);
    }
  }

  #tokens(): void {
    const reader = this.#reader;
    for (let token = readToken(reader); token !== 0; token = readToken(reader)) {
      if (token > 0) this.#lines.push(`  literal ${token} ${hex(reader.bytes(token))}`);
      else this.#lines.push(`  block ${-token - 1}`);
    }
  }

  #compressedTokens(decompressor: TokenDecompressor, blockCount: number): void {
    const literal: Uint8Array[] = [];
    const collect = (bytes: Uint8Array): void => void literal.push(bytes.slice());
    decompressor.startFile();
    for (;;) {
      const token = this.#compressed.read(this.#reader, blockCount);
      if (token.kind === 'data') {
        decompressor.record(token.bytes, collect);
        continue;
      }
      decompressor.endSpan(collect);
      if (literal.length > 0)
        this.#lines.push(`  literal ${hex(Buffer.concat(literal.splice(0)))}`);
      if (token.kind === 'end') return;
      this.#lines.push(`  blocks ${token.block}, ${token.count}`);
    }
  }
}

const nameOf = (id: number, name: string | undefined): string[] =>
  name === undefined ? [] : [`${id}=${name}`];

function codecOptions({ server, dialect, checksum }: Recording): EntryCodecOptions {
  const fileChecksum = parseChecksumName(server.checksumChoice?.file ?? checksum)!;
  return {
    uid: server.owner,
    gid: server.group,
    links: server.links,
    devices: server.devices,
    specials: server.specials,
    hardLinks: server.hardLinks,
    checksumLength: server.checksum ? digestLength(fileChecksum) : 0,
    atimes: server.atimes > 0,
    crtimes: server.crtimes,
    inlineNames: dialect.incRecurse && !server.numericIds,
    relative: server.relative,
    recursive: server.recursive,
    acls: server.acls,
    xattrs: server.xattrs > 0,
  };
}
