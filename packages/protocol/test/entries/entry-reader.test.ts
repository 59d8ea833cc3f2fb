import { describe, expect, test } from 'vitest';
import {
  ByteReader,
  ByteWriter,
  createDialect,
  createFileEntry,
  DecodeBuffer,
  type EntryCodecOptions,
  type FileEntry,
  FileEntryReader,
  FileEntryWriter,
} from '../../src/index.ts';
import { CaptureDecoder, loadCaptures, type Piece } from '../captured-lists.ts';
import { inChunks } from '../splits.ts';
import { bytes, hex } from '../vectors.ts';

const captures = loadCaptures();

function decode(stream: Uint8Array, decoder: CaptureDecoder): Piece[] {
  const reader = new ByteReader(stream);
  const pieces: Piece[] = [];
  while (!decoder.done) pieces.push(decoder.read(reader));
  expect(reader.available).toBe(0);
  return pieces;
}

describe.each(captures)('captured list $name: $note', (capture) => {
  const stream = bytes(capture.stream);

  test('decodes to the captured entries', () => {
    const pieces = decode(stream, new CaptureDecoder(capture));
    const entries = pieces.flatMap((piece) => (piece.kind === 'entry' ? [piece.entry] : []));
    const expected = capture.lists.flatMap((list) => list.entries);
    expect(entries).toHaveLength(expected.length);
    expected.forEach((want, i) => {
      const got = entries[i]!;
      const { rdev = 0 } = want;
      const special = want.mode.startsWith('010') && want.mode.length === 6;
      expect({
        name: got.name,
        size: got.size,
        mtime: got.mtime,
        nsec: got.mtimeNs,
        mode: got.mode,
        uid: got.uid,
        gid: got.gid,
        user: got.userName,
        group: got.groupName,
        link: got.linkTarget,
        atime: got.atime,
        sum: got.checksum && hex(got.checksum),
        rdev: Array.isArray(rdev)
          ? [got.rdevMajor, got.rdevMinor]
          : (got.rdevMinor & 0xff) | (got.rdevMajor << 8) | ((got.rdevMinor & 0xfff00) << 12),
      }).toEqual({
        name: want.name,
        size: want.size,
        mtime: want.mtime,
        nsec: want.nsec ?? 0,
        mode: Number.parseInt(want.mode, 8),
        uid: want.uid === undefined ? 0 : want.uid >>> 0,
        gid: want.gid === undefined ? 0 : want.gid >>> 0,
        user: want.user,
        group: want.group,
        link: want.link ?? '',
        atime: want.atime ?? 0,
        sum: want.sum,
        rdev: special ? (Array.isArray(rdev) ? [0, 0] : 0) : rdev,
      });
    });
  });

  test('decodes in chunks of any size', () => {
    const whole = decode(stream, new CaptureDecoder(capture));
    for (const size of [1, 2, 3, 7, 100]) {
      const decoder = new CaptureDecoder(capture);
      const buffer = new DecodeBuffer();
      const pieces: Piece[] = [];
      for (const chunk of inChunks(stream, size)) {
        buffer.push(chunk);
        while (!decoder.done) {
          const piece = buffer.attempt((reader) => decoder.read(reader));
          if (piece === undefined) break;
          pieces.push(piece);
        }
      }
      expect(pieces).toEqual(whole);
      expect(buffer.pending).toBe(0);
    }
  });
});

const plain: EntryCodecOptions = {
  uid: true,
  gid: true,
  links: true,
  devices: true,
  specials: true,
  hardLinks: true,
  checksumLength: 0,
  atimes: false,
  crtimes: false,
  inlineNames: true,
  relative: false,
};

function transfer(
  options: EntryCodecOptions,
  protocol: number,
  entries: readonly Partial<FileEntry>[],
): FileEntry[] {
  const dialect = createDialect(protocol, 0x1ff);
  const writer = new ByteWriter();
  const write = new FileEntryWriter(dialect, options);
  for (const entry of entries) write.write(writer, createFileEntry(entry), 1);
  const read = new FileEntryReader(dialect, options);
  read.beginList(1);
  const reader = new ByteReader(writer.take());
  return entries.map(() => read.read(reader) as FileEntry);
}

test('below protocol 30 the contents of arguments are worked out', () => {
  const dir = (name: string, topDir = false): Partial<FileEntry> => ({
    name,
    mode: 0o40755,
    topDir,
  });
  const list = [dir('a', true), dir('a/b'), dir('a/b/c'), dir('x'), dir('a/d')];
  const contents = (options: Partial<EntryCodecOptions>): boolean[] =>
    transfer({ ...plain, ...options }, 29, list).map(({ noContent }) => !noContent);
  expect(contents({ recursive: true, relative: true })).toEqual([true, true, true, false, false]);
  expect(contents({ recursive: true })).toEqual([true, true, true, true, true]);
  expect(contents({})).toEqual([true, false, false, false, false]);
});

test('entries belong to the caller: changing one changes no later one', () => {
  const dialect = createDialect(32, 0x1ff);
  const writer = new ByteWriter();
  const write = new FileEntryWriter(dialect, plain);
  const lead = { mode: 0o100644, size: 7, uid: 1000, userName: 'me' };
  write.write(writer, createFileEntry({ ...lead, name: 'a', hardLink: { kind: 'leader' } }), 1);
  const follower = { kind: 'follower', leader: 1 } as const;
  write.write(writer, createFileEntry({ ...lead, name: 'b', hardLink: follower }), 1);
  write.write(writer, createFileEntry({ ...lead, userName: undefined, name: 'c' }), 1);
  const read = new FileEntryReader(dialect, plain);
  read.beginList(1);
  const reader = new ByteReader(writer.take());
  const first = read.read(reader) as FileEntry;
  expect(first.userName).toBe('me');
  Object.assign(first, { uid: 1, size: 0, name: 'changed' });
  expect(read.read(reader)).toMatchObject({ name: 'b', uid: 1000, size: 7, userName: undefined });
  expect(read.read(reader)).toMatchObject({ name: 'c', uid: 1000 });
});

test('a name is cleaned, but the next one shares a prefix with what was sent', () => {
  const dialect = createDialect(32, 0x1ff);
  const options = { ...plain, uid: false, gid: false };
  const reader = new ByteReader(
    bytes(`8098 04 2e2f2f61 000000 a4810000
           80ba 03 01 62 000000`),
  );
  const read = new FileEntryReader(dialect, options);
  read.beginList(1);
  expect(read.read(reader)).toMatchObject({ name: 'a' });
  expect(read.read(reader)).toMatchObject({ name: 'b' });
});
