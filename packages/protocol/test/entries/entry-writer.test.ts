import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ByteReader,
  ByteWriter,
  createDialect,
  createFileEntry,
  type Dialect,
  type EntryCodecOptions,
  type FileEntry,
  FileEntryReader,
  FileEntryWriter,
  isDeviceMode,
  isDirectoryMode,
  isRegularMode,
  isSymlinkMode,
  NdxWriter,
  writeIdList,
} from '../../src/index.ts';
import { CaptureDecoder, captureOptions, loadCaptures } from '../captured-lists.ts';
import { bytes, dialects, hex } from '../vectors.ts';

describe.each(loadCaptures())('captured list $name: $note', (capture) => {
  test('is written again byte for byte', () => {
    const decoder = new CaptureDecoder(capture);
    const reader = new ByteReader(bytes(capture.stream));
    const { dialect } = decoder;
    const writer = new ByteWriter();
    const entries = new FileEntryWriter(dialect, captureOptions(capture));
    const ndx = new NdxWriter(dialect);
    while (!decoder.done) {
      const piece = decoder.read(reader);
      if (piece.kind === 'entry') entries.write(writer, piece.entry, piece.start);
      else if (piece.kind === 'end') entries.end(writer, piece.ioError);
      else if (piece.kind === 'ndx') ndx.write(writer, piece.ndx);
      else if (piece.kind === 'ids') writeIdList(writer, dialect, piece.list);
      else writer.i32(piece.value);
    }
    expect(hex(writer.take())).toBe(capture.stream);
  });
});

const optionArbitrary: fc.Arbitrary<EntryCodecOptions> = fc.record({
  uid: fc.boolean(),
  gid: fc.boolean(),
  links: fc.boolean(),
  devices: fc.boolean(),
  specials: fc.boolean(),
  hardLinks: fc.boolean(),
  checksumLength: fc.constantFrom(0, 8, 20),
  atimes: fc.boolean(),
  crtimes: fc.boolean(),
  inlineNames: fc.boolean(),
  relative: fc.constant(false),
  recursive: fc.constant(true),
});

const seconds = fc.oneof(fc.constantFrom(0, 5, 1700000000), fc.integer(), fc.maxSafeInteger());
const id = fc.oneof(fc.constantFrom(0, 0, 1000, 1001), fc.nat(0xffffffff));
const word = fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 20 }).map((text) => {
  return `n${text.replaceAll(/[/\0]/g, '_')}`;
});
const name = fc.oneof(
  fc.array(word, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')),
  fc.integer({ min: 1, max: 1000 }).map((length) => 'long-'.repeat(length).slice(0, 4095)),
);
const types = [0o140000, 0o120000, 0o100000, 0o100000, 0o060000, 0o040000, 0o020000, 0o010000];

const entryArbitrary: fc.Arbitrary<FileEntry> = fc
  .record({
    name,
    mode: fc.tuple(fc.constantFrom(...types), fc.constantFrom(0o644, 0o755, 0o7777)),
    size: fc.oneof(fc.nat(), fc.nat(Number.MAX_SAFE_INTEGER)),
    mtime: seconds,
    mtimeNs: fc.oneof(fc.constant(0), fc.nat(999_999_999)),
    atime: seconds,
    crtime: seconds,
    uid: id,
    gid: id,
    userName: fc.option(word, { nil: undefined }),
    groupName: fc.option(word, { nil: undefined }),
    rdevMajor: fc.constantFrom(0, 8, 8, 259, 4095),
    rdevMinor: fc.constantFrom(0, 1, 255, 256, 0xfffff),
    linkTarget: word,
    checksum: fc.uint8Array({ minLength: 20, maxLength: 20 }),
    topDir: fc.boolean(),
    noContent: fc.boolean(),
  })
  .map((fields) => createFileEntry({ ...fields, mode: fields.mode[0] | fields.mode[1] }));

/** What a reader can know of an entry that was written like this. */
function transmitted(entry: FileEntry, d: Dialect, o: EntryCodecOptions): Partial<FileEntry> {
  const { mode } = entry;
  const directory = isDirectoryMode(mode);
  const device = isDeviceMode(mode) && o.devices;
  const summed = o.checksumLength > 0 && (isRegularMode(mode) || d.protocol < 28);
  return {
    name: entry.name,
    mode,
    size: entry.size,
    mtime: d.varints ? entry.mtime : entry.mtime >>> 0,
    mtimeNs: d.nanoseconds ? entry.mtimeNs : 0,
    atime: o.atimes && !directory ? entry.atime : 0,
    crtime: o.crtimes ? entry.crtime : 0,
    uid: o.uid ? entry.uid : 0,
    gid: o.gid ? entry.gid : 0,
    rdevMajor: device ? entry.rdevMajor : 0,
    rdevMinor: device ? entry.rdevMinor : 0,
    linkTarget: o.links && isSymlinkMode(mode) ? entry.linkTarget : '',
    checksum: summed ? entry.checksum!.slice(0, o.checksumLength) : undefined,
    ...(d.varints && directory ? { topDir: entry.topDir, noContent: entry.noContent } : {}),
  };
}

/** Give some entries hard links as a sender would. */
function link(entries: FileEntry[], d: Dialect, first: number): void {
  let leader: number | undefined;
  entries.forEach((entry, i) => {
    if (isDirectoryMode(entry.mode)) return;
    if (!d.hardLinkIndexes) {
      const odd = entry.size % 2 === 1;
      if (odd || d.protocol === 27) entry.hardLink = { kind: 'inode', dev: i % 2, ino: 2n ** 60n };
    } else if (i % 3 === 0) {
      leader = first + i;
      entry.hardLink = { kind: 'leader' };
    } else if (i % 3 === 1 && leader !== undefined) {
      const shared = entries[leader - first]!;
      Object.assign(entry, { ...shared, name: entry.name });
      entry.hardLink = { kind: 'follower', leader };
    }
  });
}

test('any lists survive in every dialect', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...dialects),
      optionArbitrary,
      fc.array(fc.array(entryArbitrary, { maxLength: 8 }), { minLength: 1, maxLength: 3 }),
      (d, options, lists) => {
        const writer = new ByteWriter();
        const entryWriter = new FileEntryWriter(d, options);
        const entryReader = new FileEntryReader(d, options);
        let start = d.incRecurse ? 1 : 0;
        for (const entries of lists) {
          if (options.hardLinks) link(entries, d, start);
          for (const entry of entries) entryWriter.write(writer, entry, start);
          entryWriter.end(writer, 0);
          const reader = new ByteReader(writer.take());
          entryReader.beginList(start);
          for (const entry of entries) {
            const got = entryReader.read(reader);
            expect(got).toMatchObject(transmitted(entry, d, options));
            const linked = options.hardLinks && (d.protocol >= 28 || isRegularMode(entry.mode));
            if (!('end' in got)) expect(got.hardLink).toEqual(linked ? entry.hardLink : undefined);
          }
          expect(entryReader.read(reader)).toEqual({ end: true, ioError: 0 });
          expect(reader.available).toBe(0);
          start += entries.length + 1;
        }
      },
    ),
    { numRuns: 400 },
  );
});

test('below protocol 30 a modification time is unsigned, modulo 2^32', () => {
  const old = createDialect(29, 0);
  const options = captureOptions(loadCaptures()[0]!);
  for (const [mtime, seen] of [
    [-5, 4294967291],
    [2 ** 32 + 77, 77],
  ] as const) {
    const writer = new ByteWriter();
    const entry = createFileEntry({ name: 'a', mode: 0o100644, mtime });
    new FileEntryWriter(old, options).write(writer, entry, 0);
    const got = new FileEntryReader(old, options).read(new ByteReader(writer.take()));
    expect(got).toMatchObject({ mtime: seen });
  }
});

test('a name that cannot be sent is refused before anything is written', () => {
  const options = captureOptions(loadCaptures()[0]!);
  const writer = new ByteWriter();
  const entries = new FileEntryWriter(createDialect(32, 0x1ff), options);
  for (const unfit of ['', 'x'.repeat(4096)]) {
    const entry = createFileEntry({ name: unfit, mode: 0o100644 });
    expect(() => entries.write(writer, entry, 1)).toThrow(RangeError);
  }
  expect(writer.length).toBe(0);
});

test('protocol 27 needs device and inode of every regular file', () => {
  const options = { ...captureOptions(loadCaptures()[0]!), hardLinks: true };
  const entries = new FileEntryWriter(createDialect(27, 0), options);
  const entry = createFileEntry({ name: 'a', mode: 0o100644 });
  expect(() => entries.write(new ByteWriter(), entry, 0)).toThrow(TypeError);
});
