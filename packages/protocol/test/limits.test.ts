/*
 * Every limit of the wire, at its last legal value and one beyond, by the name it has in
 * docs/spec/session.md §12.1 and §6.3 and docs/spec/data.md §14.
 */

import { describe, expect, test } from 'vitest';
import {
  ArgumentsDecoder,
  ByteReader,
  ByteWriter,
  createBlockSums,
  createDialect,
  type Dialect,
  type EntryCodecOptions,
  type FileEntry,
  FileEntryReader,
  FilesFromDecoder,
  LITERAL_MAX_BYTES,
  LineDecoder,
  MessageTag,
  MuxDecoder,
  matchedBlock,
  NdxReader,
  parseDaemonRequest,
  readDeleteStats,
  readFilterText,
  readIdList,
  readItemHeader,
  readNameList,
  readSumHead,
  writeVarint,
  writeVarlong,
  writeVstring,
} from '../src/index.ts';
import { bytes } from './vectors.ts';

const p32 = createDialect(32, 0x1fe);
const p30 = createDialect(30, 0);
const p29 = createDialect(29, 0);

function encode(write: (writer: ByteWriter) => void): ByteReader {
  const writer = new ByteWriter();
  write(writer);
  return new ByteReader(writer.take());
}

/** An error with this exit code. */
const failing = (exitCode: number): unknown => expect.objectContaining({ exitCode });

describe('file list', () => {
  const plain: EntryCodecOptions = {
    uid: false,
    gid: false,
    links: true,
    devices: true,
    specials: true,
    hardLinks: true,
    checksumLength: 0,
    atimes: false,
    crtimes: false,
    inlineNames: false,
    relative: false,
  };

  /** One entry, put together by hand. */
  function entry(
    parts: {
      flags?: number;
      shared?: number;
      name?: string;
      size?: number;
      mode?: number;
      nsec?: number;
      link?: string;
      leader?: number;
    } = {},
  ): ByteReader {
    return encode((w) => {
      const name = parts.name ?? 'n';
      let flags = (parts.flags ?? 0) | 0x98;
      if (name.length > 255) flags |= 0x40;
      if (parts.nsec !== undefined) flags |= 0x2000;
      if (parts.shared !== undefined) flags |= 0x20;
      writeVarint(w, flags);
      if (parts.shared !== undefined) w.u8(parts.shared);
      if (flags & 0x40) writeVarint(w, name.length);
      else w.u8(name.length);
      w.string(name);
      if (parts.leader !== undefined) writeVarint(w, parts.leader);
      writeVarlong(w, parts.size ?? 0, 3);
      if (parts.nsec !== undefined) writeVarint(w, parts.nsec);
      w.i32(parts.mode ?? 0o100644);
      if (parts.link !== undefined) {
        writeVarint(w, parts.link.length);
        w.string(parts.link);
      }
    });
  }

  function read(reader: ByteReader, options = plain): FileEntry {
    const got = new FileEntryReader(p32, options).read(reader);
    if ('end' in got) throw new Error('end of list');
    return got;
  }

  test('path: fewer than 4096 bytes, else exit 22', () => {
    expect(read(entry({ name: 'x'.repeat(4095) })).name).toHaveLength(4095);
    expect(() => read(entry({ name: 'x'.repeat(4096) }))).toThrow(failing(22));
  });

  test('path: the shared prefix counts', () => {
    const reader = new FileEntryReader(p32, plain);
    reader.read(entry({ name: 'x'.repeat(3840) }));
    expect(reader.read(entry({ shared: 255, name: 'y'.repeat(3840) }))).toMatchObject({
      name: 'x'.repeat(255) + 'y'.repeat(3840),
    });
    expect(() => reader.read(entry({ shared: 255, name: 'y'.repeat(3841) }))).toThrow(failing(22));
  });

  test('path: a negative length', () => {
    const negative = encode((w) => {
      writeVarint(w, 0x40);
      writeVarint(w, -1);
    });
    expect(() => read(negative)).toThrow(failing(22));
  });

  test('path: no more can be shared than there was', () => {
    expect(() => read(entry({ shared: 1 }))).toThrow(failing(2));
  });

  test('name: no `..` component, no leading `/`, not empty, else exit 4', () => {
    for (const name of ['../x', 'a/../b', '/x', '']) {
      expect(() => read(entry({ name }))).toThrow(failing(4));
    }
    expect(read(entry({ name: '/x' }), { ...plain, relative: true }).name).toBe('/x');
  });

  test('symlink target: fewer than 4096 bytes, else exit 22', () => {
    const link = (length: number): ByteReader =>
      entry({ mode: 0o120777, link: 'x'.repeat(length) });
    expect(read(link(4095)).linkTarget).toHaveLength(4095);
    expect(() => read(link(4096))).toThrow(failing(22));
  });

  test('file length: not negative, else exit 4', () => {
    expect(read(entry({ size: Number.MAX_SAFE_INTEGER })).size).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => read(entry({ size: -1 }))).toThrow(failing(4));
  });

  test('nanoseconds: 0 to 999999999, else exit 2', () => {
    expect(read(entry({ nsec: 999_999_999 })).mtimeNs).toBe(999_999_999);
    expect(() => read(entry({ nsec: 1_000_000_000 }))).toThrow(failing(2));
    expect(() => read(entry({ nsec: -1 }))).toThrow(failing(2));
  });

  test('mode: known file types, else exit 2', () => {
    const types = [0o14, 0o12, 0o10, 0o06, 0o04, 0o02, 0o01];
    for (let type = 0; type < 16; type++) {
      const mode = (type << 12) | 0o644;
      const one = entry({ mode, link: '' });
      const bare = { ...plain, devices: false, specials: false };
      if (types.includes(type)) expect(read(one, bare).mode).toBe(mode);
      else expect(() => read(one, bare)).toThrow(failing(2));
    }
    expect(() => read(entry({ mode: 0o100644 | (1 << 16) }))).toThrow(failing(2));
    expect(() => read(entry({ mode: -1 }))).toThrow(failing(2));
  });

  test('mode 0: only with --delete-missing-args', () => {
    expect(() => read(entry({ mode: 0 }))).toThrow(failing(2));
    expect(read(entry({ mode: 0 }), { ...plain, missingArgs: true }).mode).toBe(0);
  });

  test('`.`: a directory, else exit 2', () => {
    expect(read(entry({ name: '.', mode: 0o40755 })).name).toBe('.');
    expect(() => read(entry({ name: '.' }))).toThrow(failing(2));
  });

  test('hard-link leader: an entry that leads a group, else exit 2', () => {
    const reader = new FileEntryReader(p32, plain);
    reader.beginList(1);
    reader.read(entry({ name: 'lone' }));
    reader.read(entry({ flags: 0x1200, name: 'lead', size: 7 }));
    expect(reader.read(entry({ flags: 0x200, leader: 2, name: 'same' }))).toMatchObject({
      name: 'same',
      size: 7,
      hardLink: { kind: 'follower', leader: 2 },
    });
    for (const leader of [1, 3, 4, 1000, -1, 0]) {
      expect(() => reader.read(entry({ flags: 0x200, leader }))).toThrow(failing(2));
    }
    reader.beginList(5);
    const later = entry({ flags: 0x200, leader: 2, name: 'later', size: 8 });
    expect(reader.read(later)).toMatchObject({ size: 8 });
  });

  test('hard links: only with -H and not for directories', () => {
    const lead = (mode: number): ByteReader => entry({ flags: 0x1200, mode });
    expect(() => read(lead(0o100644), { ...plain, hardLinks: false })).toThrow(failing(2));
    expect(() => read(lead(0o40755))).toThrow(failing(2));
  });

  test('io_error: masked with 7', () => {
    const reader = new FileEntryReader(p32, plain);
    expect(reader.read(new ByteReader(bytes('00 7f')))).toEqual({ end: true, ioError: 7 });
  });

  test('id list: at most 2^20 names', () => {
    const list = encode((w) => {
      for (let i = 0; i <= 2 ** 20; i++) w.u16(1);
    });
    expect(() => readIdList(list, p32)).toThrow('id list length');
  });
});

describe('sums and tokens', () => {
  const head = (dialect: Dialect, ...values: number[]): unknown =>
    readSumHead(
      encode((w) => {
        for (const value of values) w.i32(value);
      }),
      dialect,
      16,
    );

  test('block length: at most 2^17, below protocol 30 2^29, else exit 2', () => {
    expect(head(p30, 1, 2 ** 17, 2, 0)).toMatchObject({ blockLength: 2 ** 17 });
    expect(() => head(p30, 1, 2 ** 17 + 1, 2, 0)).toThrow(failing(2));
    expect(head(p29, 1, 2 ** 29, 2, 0)).toMatchObject({ blockLength: 2 ** 29 });
    expect(() => head(p29, 1, 2 ** 29 + 1, 2, 0)).toThrow(failing(2));
  });

  test('sum head: count and block length', () => {
    expect(() => head(p32, -1, 700, 2, 0)).toThrow(failing(2));
    expect(() => head(p32, 1, -1, 2, 0)).toThrow(failing(2));
    expect(() => head(p32, 1, 0, 2, 0)).toThrow(failing(2));
    expect(head(p32, 0, 0, 0, 0)).toMatchObject({ blockCount: 0 });
  });

  test('sum head: the strong sum is at most a digest', () => {
    expect(head(p32, 1, 700, 16, 0)).toMatchObject({ strongLength: 16 });
    expect(() => head(p32, 1, 700, 17, 0)).toThrow(failing(2));
    expect(() => head(p32, 1, 700, -1, 0)).toThrow(failing(2));
  });

  test('sum head: the remainder is at most a block', () => {
    expect(head(p32, 1, 700, 2, 700)).toMatchObject({ remainderLength: 700 });
    expect(() => head(p32, 1, 700, 2, 701)).toThrow(failing(2));
    expect(() => head(p32, 1, 700, 2, -1)).toThrow(failing(2));
  });

  test('allocation: 1 GiB of block sums, else exit 22; nothing is allocated ahead', () => {
    const sums = { blockLength: 700, strongLength: 16, remainderLength: 0 };
    expect(() => createBlockSums({ ...sums, blockCount: 2 ** 31 - 1 })).toThrow(failing(22));
    const room = createBlockSums({ ...sums, blockCount: 50_000_000 });
    expect(room.strong.length).toBeLessThan(100_000);
  });

  test('match token: 0 <= index < count, else exit 2', () => {
    expect(matchedBlock(-5, 5)).toBe(4);
    expect(() => matchedBlock(-6, 5)).toThrow(failing(2));
    expect(() => matchedBlock(-1, 0)).toThrow(failing(2));
  });

  test('literal token produced: at most 32 KiB', () => {
    expect(LITERAL_MAX_BYTES).toBe(32 * 1024);
  });
});

describe('items', () => {
  test('ndx: at most 2^31 - 1, else exit 2', () => {
    const reader = new NdxReader(p32);
    expect(reader.read(new ByteReader(bytes('feffffffff')))).toBe(0x7fffffff);
    expect(() => reader.read(new ByteReader(bytes('01')))).toThrow(failing(2));
    expect(() => reader.read(new ByteReader(bytes('fe7fff')))).toThrow(failing(2));
  });

  test('xname: fewer than 4096 bytes, else exit 22', () => {
    const item = (length: number): ByteReader =>
      encode((w) => {
        w.u16(0x1000);
        writeVstring(w, 'x'.repeat(length));
      });
    expect(readItemHeader(item(4095), p32).xname).toHaveLength(4095);
    expect(() => readItemHeader(item(4096), p32)).toThrow(failing(22));
  });

  test('deletion statistics: each 0 to 2^28, else exit 2', () => {
    const stats = (value: number): ByteReader =>
      encode((w) => {
        for (let i = 0; i < 5; i++) writeVarint(w, i === 4 ? value : 0);
      });
    expect(readDeleteStats(stats(2 ** 28)).specials).toBe(2 ** 28);
    expect(() => readDeleteStats(stats(2 ** 28 + 1))).toThrow(failing(2));
    expect(() => readDeleteStats(stats(-1))).toThrow(failing(2));
  });
});

describe('before the transfer', () => {
  test('negotiation string: at most 255 bytes, else exit 4', () => {
    const list = (length: number): ByteReader => encode((w) => writeVstring(w, 'x'.repeat(length)));
    expect(readNameList(list(255))).toHaveLength(1);
    expect(() => readNameList(list(256))).toThrow(failing(4));
  });

  test('filter rule: at most 5119 bytes, else exit 22', () => {
    const rule = (length: number): ByteReader =>
      encode((w) => {
        w.i32(length);
        w.zeros(Math.max(0, length));
      });
    expect(readFilterText(rule(5119))).toHaveLength(5119);
    expect(() => readFilterText(rule(5120))).toThrow(failing(22));
    expect(() => readFilterText(rule(-1))).toThrow(failing(22));
  });

  test('text line: at most 5 KiB, even before it ends, else exit 5', () => {
    const line = (length: number): void => {
      const decoder = new LineDecoder();
      decoder.push(new Uint8Array(length).fill(0x61));
      decoder.next();
    };
    line(5120);
    expect(() => line(5121)).toThrow(failing(5));
    const short = new LineDecoder({ maxBytes: 3 });
    expect([...short.push(bytes('6161610a'))]).toEqual(['aaa']);
    expect(() => [...short.push(bytes('616161610a'))]).toThrow(failing(5));
  });

  test('early input: 1 to 5120 bytes', () => {
    expect(parseDaemonRequest('#early_input=5120')).toMatchObject({ length: 5120 });
    expect(() => parseDaemonRequest('#early_input=5121')).toThrow(failing(5));
  });

  test('arguments accepted by a daemon: 16000', () => {
    const block = (count: number): ArgumentsDecoder => {
      const decoder = new ArgumentsDecoder({ nulArguments: true });
      decoder.push(new Uint8Array(count * 2 + 1).map((_, i) => (i % 2 === 0 ? 0x61 : 0)));
      return decoder;
    };
    expect(block(16_000).args).toHaveLength(16_000);
    expect(() => block(16_001)).toThrow(failing(1));
  });

  test('files-from name: fewer than 4096 bytes, else exit 22', () => {
    const names = new FilesFromDecoder();
    names.push(new Uint8Array(4095).fill(0x61));
    expect(names.push(bytes('00'))[0]).toHaveLength(4095);
    names.push(new Uint8Array(4095).fill(0x61));
    expect(() => names.push(bytes('61'))).toThrow(failing(22));
  });
});

describe('frames', () => {
  function receive(tag: number, length: number, role: 'client' | 'server' = 'client'): void {
    const decoder = new MuxDecoder({ role, onData() {}, onMessage() {} });
    const header = [length & 0xff, (length >> 8) & 0xff, length >> 16, tag + 7];
    decoder.push(Uint8Array.from(header));
    decoder.push(new Uint8Array(length));
  }

  test('DATA: up to 2^24 - 1 bytes', () => {
    receive(MessageTag.DATA, 2 ** 24 - 1);
  });

  test.each(['ERROR_XFER', 'INFO', 'ERROR', 'WARNING', 'DELETED'] as const)(
    '%s: fewer than 5120 bytes, else exit 12',
    (name) => {
      receive(MessageTag[name], 5119);
      receive(MessageTag[name], 0);
      expect(() => receive(MessageTag[name], 5120)).toThrow(`multiplexing overflow`);
      expect(() => receive(MessageTag[name], 5120)).toThrow(failing(12));
    },
  );

  test.each(['IO_ERROR', 'IO_TIMEOUT', 'NO_SEND', 'SUCCESS'] as const)(
    '%s: exactly 4 bytes, else exit 12',
    (name) => {
      receive(MessageTag[name], 4);
      for (const length of [0, 3, 5]) {
        expect(() => receive(MessageTag[name], length)).toThrow(failing(12));
      }
    },
  );

  test('NOOP: empty; ERROR_EXIT: empty or 4 bytes', () => {
    receive(MessageTag.NOOP, 0);
    expect(() => receive(MessageTag.NOOP, 1)).toThrow(failing(12));
    receive(MessageTag.ERROR_EXIT, 0);
    receive(MessageTag.ERROR_EXIT, 4);
    expect(() => receive(MessageTag.ERROR_EXIT, 3)).toThrow(failing(12));
  });

  test('unknown tags and those of internal pipes: exit 12', () => {
    const known = new Set<number>([0, 1, 2, 3, 4, 22, 33, 42, 86, 100, 101, 102]);
    for (let tag = -7; tag < 249; tag++) {
      if (known.has(tag)) continue;
      expect(() => receive(tag, 4), String(tag)).toThrow(failing(12));
    }
  });

  test('IO_TIMEOUT: only from a daemon', () => {
    expect(() => receive(MessageTag.IO_TIMEOUT, 4, 'server')).toThrow(failing(12));
  });
});
