/*
 * Every decoder against input that is cut short, changed or made up: it ends with a value or a typed
 * error, soon, and without allocating more than a small multiple of the input.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ArgumentsDecoder,
  ByteReader,
  ByteWriter,
  CompressedTokenReader,
  createBlockSums,
  createDialect,
  createFileEntry,
  DecodeBuffer,
  type Dialect,
  type EntryCodecOptions,
  FileEntryReader,
  FileEntryWriter,
  FilesFromDecoder,
  IncompleteError,
  LineDecoder,
  MuxDecoder,
  NdxReader,
  ProtocolError,
  parseDaemonLine,
  parseGreeting,
  RsyncError,
  readBlockSums,
  readDeleteStats,
  readFilterText,
  readIdList,
  readItemHeader,
  readLongint,
  readLongKey,
  readNameList,
  readSumHead,
  readToken,
  readTransferStats,
  readVarint,
  readVarlong,
  writeDeleteStats,
  writeFilterText,
  writeIdList,
  writeItemHeader,
  writeNameList,
  writeSumHead,
  writeTransferStats,
  writeVarint,
  writeVarlong,
} from '../src/index.ts';
import { everySplit, inChunks } from './splits.ts';
import { bytes, dialects } from './vectors.ts';

const dialect = createDialect(32, 0x1fe);

function encode(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  write(writer);
  return writer.take();
}

/** A decoder of one value and a well-formed value. `start` gives one with fresh state. */
interface Subject {
  readonly name: string;
  readonly valid: Uint8Array;
  start(): (reader: ByteReader) => unknown;
}

const allOptions: EntryCodecOptions = {
  uid: true,
  gid: true,
  links: true,
  devices: true,
  specials: true,
  hardLinks: true,
  checksumLength: 16,
  atimes: true,
  crtimes: true,
  inlineNames: true,
  relative: false,
};

/** A list with everything an entry can have. */
function fileList(d: Dialect): Uint8Array {
  const old = !d.hardLinkIndexes;
  const inode = { kind: 'inode', dev: 2049, ino: 2n ** 60n } as const;
  return encode((w) => {
    const writer = new FileEntryWriter(d, allOptions);
    const entries = [
      { name: '.', mode: 0o40755, topDir: true, userName: 'root', groupName: 'root' },
      { name: 'dev', mode: 0o60600, rdevMajor: 8, rdevMinor: 300, mtime: 5 },
      { name: 'dir/fifo', mode: 0o10644, uid: 70000, userName: 'u', atime: 9 },
      {
        name: 'dir/file',
        mode: 0o100644,
        size: 2 ** 40,
        mtime: 1700000000,
        mtimeNs: 5,
        gid: 7,
        hardLink: old ? inode : ({ kind: 'leader' } as const),
      },
      {
        name: 'dir/link',
        mode: 0o100644,
        hardLink: old ? inode : ({ kind: 'follower', leader: 4 } as const),
      },
      { name: `long/${'x'.repeat(300)}`, mode: 0o120777, linkTarget: '../a' },
    ];
    for (const entry of entries) writer.write(w, createFileEntry(entry), 1);
    writer.end(w, 1);
  });
}

const subjects: readonly Subject[] = [
  {
    name: 'varint',
    valid: encode((w) => writeVarint(w, -5)),
    start: () => readVarint,
  },
  {
    name: 'varlong(3)',
    valid: encode((w) => writeVarlong(w, 2 ** 50, 3)),
    start: () => (r) => readVarlong(r, 3),
  },
  {
    name: 'varlong(4)',
    valid: encode((w) => writeVarlong(w, -1, 4)),
    start: () => (r) => readVarlong(r, 4),
  },
  { name: 'longint', valid: bytes('ffffffff 0000000001000000'), start: () => readLongint },
  { name: 'long key', valid: bytes('ffffffff 00000000000000ff'), start: () => readLongKey },
  {
    name: 'name list',
    valid: encode((w) => writeNameList(w, ['xxh128', 'md5'])),
    start: () => readNameList,
  },
  {
    name: 'filter rule',
    valid: encode((w) => writeFilterText(w, '- *.o')),
    start: () => readFilterText,
  },
  {
    name: 'transfer statistics',
    valid: encode((w) =>
      writeTransferStats(w, dialect, {
        bytesRead: 1,
        bytesWritten: 2 ** 33,
        totalSize: 3,
        listBuildMs: 4,
        listTransferMs: 5,
      }),
    ),
    start: () => (r) => readTransferStats(r, dialect),
  },
  {
    name: 'deletion statistics',
    valid: encode((w) =>
      writeDeleteStats(w, { files: 300, directories: 1, symlinks: 0, devices: 0, specials: 9 }),
    ),
    start: () => readDeleteStats,
  },
  { name: 'index', valid: bytes('fffe80670000'), start: () => ndxReader(dialect) },
  {
    name: 'index below 30',
    valid: bytes('9bffffff'),
    start: () => ndxReader(createDialect(29, 0)),
  },
  {
    name: 'item header',
    valid: encode((w) =>
      writeItemHeader(w, dialect, { iflags: 0xb800, basisType: 0x83, xname: 'f.old' }),
    ),
    start: () => (r) => readItemHeader(r, dialect),
  },
  {
    name: 'sum head',
    valid: encode((w) =>
      writeSumHead(w, { blockCount: 3, blockLength: 700, strongLength: 2, remainderLength: 9 }),
    ),
    start: () => (r) => readSumHead(r, dialect, 16),
  },
  {
    name: 'block sums',
    valid: bytes('01020304 aabb'),
    start: () => {
      const head = { blockCount: 1, blockLength: 700, strongLength: 2, remainderLength: 0 };
      const sums = createBlockSums(head);
      return (r) => readBlockSums(r, sums);
    },
  },
  { name: 'token', valid: bytes('fdffffff'), start: () => readToken },
  {
    name: 'compressed token',
    valid: bytes('21 01000000 0200'),
    start: () => {
      const reader = new CompressedTokenReader();
      return (r) => reader.read(r, 1000);
    },
  },
  {
    name: 'id list',
    valid: encode((w) =>
      writeIdList(w, dialect, { entries: [{ id: 70000, name: 'nobody' }], id0Name: 'root' }),
    ),
    start: () => (r) => readIdList(r, dialect),
  },
];

function ndxReader(d: Dialect): (reader: ByteReader) => number {
  const ndx = new NdxReader(d);
  return (reader) => ndx.read(reader);
}

describe.each(subjects)('$name', ({ valid, start }) => {
  const value = start()(new ByteReader(valid));

  test('cut short anywhere, it is incomplete and can be continued', () => {
    for (let at = 0; at < valid.length; at++) {
      const read = start();
      expect(() => read(new ByteReader(valid.subarray(0, at)))).toThrow(IncompleteError);
      expect(read(new ByteReader(valid))).toEqual(value);
    }
  });

  test('cut into pieces, it is the same', () => {
    for (const chunks of everySplit(valid)) {
      const read = start();
      const buffer = new DecodeBuffer();
      let got: unknown;
      chunks.forEach((chunk, i) => {
        buffer.push(chunk);
        got = buffer.attempt(read);
        if (i < chunks.length - 1) expect(got).toBeUndefined();
      });
      expect(got).toEqual(value);
      expect(buffer.pending).toBe(0);
    }
  });

  test('changed or made up, it gives a value or a typed error', () => {
    fc.assert(
      fc.property(garbage(valid), (data) => {
        settles(() => start()(new ByteReader(data)));
      }),
      { numRuns: 300 },
    );
  });
});

describe.each(dialects.map((d) => ({ d, name: `${d.protocol}/${d.compatFlags.toString(16)}` })))(
  'file list, protocol $name',
  ({ d }) => {
    const valid = fileList(d);

    function readAll(data: Uint8Array): unknown[] {
      const entries = new FileEntryReader(d, allOptions);
      entries.beginList(1);
      const reader = new ByteReader(data);
      const got: unknown[] = [];
      for (;;) {
        const entry = entries.read(reader);
        got.push(entry);
        if ('end' in entry) return got;
      }
    }

    test('cut short anywhere, it is incomplete', () => {
      expect(readAll(valid)).toHaveLength(7);
      for (let at = 0; at < valid.length; at++) {
        expect(() => readAll(valid.subarray(0, at))).toThrow(IncompleteError);
      }
    });

    test('cut into pieces, it is the same', () => {
      const whole = readAll(valid);
      for (const chunks of everySplit(valid)) {
        const entries = new FileEntryReader(d, allOptions);
        entries.beginList(1);
        const buffer = new DecodeBuffer();
        const got: unknown[] = [];
        for (const chunk of chunks) {
          buffer.push(chunk);
          for (;;) {
            const entry = buffer.attempt((r) => entries.read(r));
            if (entry === undefined) break;
            got.push(entry);
          }
        }
        expect(got).toEqual(whole);
      }
    });

    test('changed or made up, it gives entries or a typed error', () => {
      fc.assert(
        fc.property(garbage(valid), (data) => settles(() => readAll(data))),
        { numRuns: 300 },
      );
    });
  },
);

describe('decoders of chunks', () => {
  const subject: readonly [string, (chunks: Uint8Array[]) => void][] = [
    [
      'frames',
      (chunks) => {
        const mux = new MuxDecoder({ role: 'client', onData() {}, onMessage() {} });
        for (const chunk of chunks) mux.push(chunk);
      },
    ],
    [
      'lines',
      (chunks) => {
        const lines = new LineDecoder();
        for (const chunk of chunks) {
          for (const line of lines.push(chunk)) {
            parseDaemonLine(line);
            parseGreeting(line);
          }
        }
      },
    ],
    [
      'arguments',
      (chunks) => {
        const block = new ArgumentsDecoder({ nulArguments: true });
        for (const chunk of chunks) block.push(chunk);
      },
    ],
    [
      'files-from names',
      (chunks) => {
        const names = new FilesFromDecoder();
        for (const chunk of chunks) names.push(chunk);
      },
    ],
  ];

  const seeds: Readonly<Record<string, Uint8Array>> = {
    frames: bytes('02000007 6162 0300000a 212121 04000016 00000007 0400001d 02000000'),
    lines: new TextEncoder().encode('@RSYNCD: 32.0 md5\n@RSYNCD: AUTHREQD x\n@ERROR: no\n'),
    arguments: new TextEncoder().encode('--server\0.\0x\0\0'),
    'files-from names': new TextEncoder().encode('a\0b\0\0'),
  };

  test.each(subject)('%s', (name, decode) => {
    fc.assert(
      fc.property(garbage(seeds[name]!), fc.integer({ min: 1, max: 20 }), (data, size) => {
        settles(() => decode(inChunks(data, size)));
      }),
      { numRuns: 500 },
    );
  });
});

test('huge announcements cost nothing before the bytes arrive', () => {
  const before = process.memoryUsage().arrayBuffers;
  const huge = bytes('ffffff7f');
  for (let i = 0; i < 1000; i++) {
    settles(() => readFilterText(new ByteReader(huge)));
    settles(() => readIdList(new ByteReader(bytes('01ff')), dialect));
    const mux = new MuxDecoder({ role: 'client', onData() {}, onMessage() {} });
    mux.push(bytes('ffffff07'));
    settles(() => {
      const head = readSumHead(
        new ByteReader(bytes('00000004bc0200001000000000000000')),
        dialect,
        16,
      );
      readBlockSums(new ByteReader(huge), createBlockSums(head));
    });
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * 2 ** 20);
});

/** `valid` with bytes replaced, removed or repeated, or bytes that have nothing to do with it. */
function garbage(valid: Uint8Array): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(
    fc.nat(valid.length - 1),
    fc.oneof(fc.nat(255), fc.constantFrom(0, 0x7f, 0x80, 0xf0, 0xfc, 0xfe, 0xff)),
    fc.constantFrom('set', 'remove', 'insert'),
  );
  const changed = fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const data = [...valid];
    for (const [at, byte, how] of changes) {
      data.splice(at, how === 'insert' ? 0 : 1, ...(how === 'remove' ? [] : [byte]));
    }
    return Uint8Array.from([...data, ...valid, ...valid]);
  });
  return fc.oneof(changed, fc.uint8Array({ maxLength: 400 }));
}

/** Run something that may only fail with an error of ours, and not run on. */
function settles(run: () => unknown): void {
  const start = performance.now();
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toBeInstanceOf(RsyncError);
    expect((error as ProtocolError).exitCode).toBeGreaterThan(0);
  }
  expect(performance.now() - start).toBeLessThan(1000);
}
