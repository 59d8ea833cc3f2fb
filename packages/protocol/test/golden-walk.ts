import {
  ByteReader,
  ByteWriter,
  createBlockSums,
  type EntryCodecOptions,
  FileEntryReader,
  FileEntryWriter,
  FilesFromDecoder,
  hasXattrPart,
  ItemFlag,
  LITERAL_MAX_BYTES,
  matchedBlock,
  NDX_DEL_STATS,
  NDX_DONE,
  NDX_FLIST_EOF,
  NDX_FLIST_OFFSET,
  NdxReader,
  NdxWriter,
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
  writeBlockSums,
  writeDeleteStats,
  writeEndToken,
  writeFilterListEnd,
  writeFilterText,
  writeIdList,
  writeItemHeader,
  writeLiteralToken,
  writeMatchToken,
  writeSumHead,
  writeTransferStats,
  writeXattrRequest,
  writeXattrValue,
  writeXattrValuesEnd,
} from '../src/index.ts';
import { digestLengthOf, type GoldenSession, letters } from './golden-session.ts';

/** What a walk through one direction has found. */
export interface Walk {
  readonly rules: string[];
  readonly names: string[];
  readonly lists: { readonly start: number; readonly names: string[]; ioError: number }[];
  readonly items: { readonly ndx: number; readonly iflags: number }[];
  done: number;
  literalBytes: number;
  matches: number;
  deleteStats: number;
  transferStats: boolean;
  /** Everything that was read, written again. */
  readonly out: ByteWriter;
  /** Bytes that were not understood; 0 unless the data is compressed. */
  left: number;
}

function createWalk(): Walk {
  return {
    rules: [],
    names: [],
    lists: [],
    items: [],
    done: 0,
    literalBytes: 0,
    matches: 0,
    deleteStats: 0,
    transferStats: false,
    out: new ByteWriter(),
    left: 0,
  };
}

/** What the options of a session say about its file lists. */
export function entryOptions(session: GoldenSession): EntryCodecOptions {
  const has = (letter: string): boolean => letters(session.args).includes(letter);
  const fileChecksum =
    session.args.find((arg) => /^--checksum-choice=.*,/.test(arg))?.replace(/^.*,/, '') ??
    session.checksum;
  return {
    uid: has('o'),
    gid: has('g'),
    links: has('l'),
    devices: has('D'),
    specials: has('D'),
    hardLinks: has('H'),
    checksumLength: has('c') ? digestLengthOf(fileChecksum) : 0,
    atimes: has('U'),
    crtimes: false,
    inlineNames: session.dialect.incRecurse && !session.args.includes('--numeric-ids'),
    relative: has('R'),
    recursive: has('r'),
    acls: has('A'),
    xattrs: has('X'),
  };
}

const isCompressed = ({ args }: GoldenSession): boolean =>
  letters(args).includes('z') || args.some((arg) => arg.startsWith('--compress-choice'));

/** Walk the client's stream: filter rules, names, then what its role writes. */
export function walkClient(session: GoldenSession): Walk {
  const walk = createWalk();
  const reader = new ByteReader(session.c2s.stream);
  if (wantsRules(session) && reader.available > 0) readRules(reader, walk);
  if (session.args.includes('--files-from=-')) readNames(reader, walk);
  if (session.pull) walkGenerator(session, reader, walk);
  else walkSender(session, reader, walk, false);
  return walk;
}

/** Walk the server's stream. */
export function walkServer(session: GoldenSession): Walk {
  const walk = createWalk();
  const reader = new ByteReader(session.s2c.stream);
  if (!session.pull && session.args.includes('--files-from')) readNames(reader, walk);
  if (session.pull) walkSender(session, reader, walk, true);
  else walkGenerator(session, reader, walk);
  return walk;
}

function wantsRules({ pull, args, dialect }: GoldenSession): boolean {
  if (pull) return true;
  if (letters(args).includes('m')) return true;
  const deletes = args.some((arg) => arg.startsWith('--delete'));
  return deletes && (dialect.filterModifiers || !args.includes('--delete-excluded'));
}

function readRules(reader: ByteReader, walk: Walk): void {
  for (let text = readFilterText(reader); text !== ''; text = readFilterText(reader)) {
    walk.rules.push(text);
    writeFilterText(walk.out, text);
  }
  writeFilterListEnd(walk.out);
}

function readNames(reader: ByteReader, walk: Walk): void {
  const decoder = new FilesFromDecoder();
  const bytes = reader.bytes(reader.available);
  walk.names.push(...decoder.push(bytes));
  reader.position -= decoder.rest.length;
  walk.out.bytes(bytes.subarray(0, bytes.length - decoder.rest.length));
}

function walkSender(
  session: GoldenSession,
  reader: ByteReader,
  walk: Walk,
  isServer: boolean,
): void {
  if (reader.available === 0) return; // it died before its list
  const { dialect } = session;
  const { out } = walk;
  const options = entryOptions(session);
  const entryReader = new FileEntryReader(dialect, options);
  const entryWriter = new FileEntryWriter(dialect, options);
  const ndxReader = new NdxReader(dialect);
  const ndxWriter = new NdxWriter(dialect);
  let nextStart = dialect.incRecurse ? 1 : 0;

  const readList = (): void => {
    const list = { start: nextStart, names: [] as string[], ioError: 0 };
    entryReader.beginList(list.start);
    for (;;) {
      const entry = entryReader.read(reader);
      if ('end' in entry) {
        entryWriter.end(out, entry.ioError);
        list.ioError = entry.ioError;
        break;
      }
      list.names.push(entry.name);
      entryWriter.write(out, entry, list.start);
    }
    nextStart += list.names.length + 1;
    walk.lists.push(list);
  };

  readList();
  if (!dialect.incRecurse) {
    const numeric = session.args.includes('--numeric-ids');
    for (const kept of [options.uid, options.gid]) {
      if (kept && !numeric) writeIdList(out, dialect, readIdList(reader, dialect));
    }
    if (!dialect.ioErrorMessages) {
      const ioError = reader.i32();
      walk.lists[0]!.ioError = ioError;
      out.i32(ioError);
    }
  }
  if (isCompressed(session)) {
    walk.left = reader.available;
    return;
  }

  const loopDone = (): number => walk.lists.length - 1 + dialect.phases + 1;
  while (reader.available > 0) {
    if (walk.done === loopDone() && isServer && !walk.transferStats) {
      writeTransferStats(out, dialect, readTransferStats(reader, dialect));
      walk.transferStats = true;
      continue;
    }
    const ndx = ndxReader.read(reader);
    ndxWriter.write(out, ndx);
    if (ndx === NDX_DONE) walk.done++;
    else if (ndx === NDX_DEL_STATS) readDeletions(reader, walk);
    else if (ndx <= NDX_FLIST_OFFSET) readList();
    else if (ndx !== NDX_FLIST_EOF) readItem(session, reader, walk, ndx, true);
  }
}

function walkGenerator(session: GoldenSession, reader: ByteReader, walk: Walk): void {
  const { dialect } = session;
  const ndxReader = new NdxReader(dialect);
  const ndxWriter = new NdxWriter(dialect);
  while (reader.available > 0) {
    const ndx = ndxReader.read(reader);
    ndxWriter.write(walk.out, ndx);
    if (ndx === NDX_DONE) walk.done++;
    else if (ndx === NDX_DEL_STATS) readDeletions(reader, walk);
    else readItem(session, reader, walk, ndx, false);
  }
}

function readDeletions(reader: ByteReader, walk: Walk): void {
  writeDeleteStats(walk.out, readDeleteStats(reader));
  walk.deleteStats++;
}

function readXattrs(
  reader: ByteReader,
  { dialect }: GoldenSession,
  iflags: number,
  out: ByteWriter,
  fromSender: boolean,
): void {
  if (!hasXattrPart(dialect, iflags)) return;
  if (!fromSender) {
    writeXattrRequest(out, readXattrRequest(reader));
    return;
  }
  for (let previous = 0; ; ) {
    const head = readXattrValueHead(reader, previous);
    if (head === 'end') break;
    writeXattrValue(out, head.number, previous, reader.bytes(head.length));
    previous = head.number;
  }
  writeXattrValuesEnd(out);
}

function readItem(
  session: GoldenSession,
  reader: ByteReader,
  walk: Walk,
  ndx: number,
  fromSender: boolean,
): void {
  const { dialect, args } = session;
  const { out } = walk;
  const header = readItemHeader(reader, dialect);
  writeItemHeader(out, dialect, header);
  const again = walk.items.some((item) => item.ndx === ndx);
  walk.items.push({ ndx, iflags: header.iflags });
  if (letters(args).includes('X') && !letters(args).includes('n')) {
    readXattrs(reader, session, header.iflags, out, fromSender);
  }
  if (!(header.iflags & ItemFlag.TRANSFER) || letters(args).includes('n')) return;
  const digestLength = digestLengthOf(session.checksum);
  const head = readSumHead(reader, dialect, digestLength);
  writeSumHead(out, head);
  if (!fromSender) {
    const appends = args.includes('--append') && !again;
    const sums = createBlockSums(head);
    if (appends) return;
    while (!readBlockSums(reader, sums));
    writeBlockSums(out, sums.weak, sums.strong, head.strongLength, 0, head.blockCount);
    return;
  }
  for (let token = readToken(reader); token !== 0; token = readToken(reader)) {
    if (token > 0) {
      if (token > LITERAL_MAX_BYTES) throw new Error('literal too long');
      writeLiteralToken(out, token);
      out.bytes(reader.bytes(token));
      walk.literalBytes += token;
    } else {
      const block = matchedBlock(token, head.blockCount);
      writeMatchToken(out, block);
      walk.matches++;
    }
  }
  writeEndToken(out);
  out.bytes(reader.bytes(digestLength));
}
