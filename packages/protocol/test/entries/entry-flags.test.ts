import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isListEnd,
  readEntryFlags,
  readListError,
  writeEntryFlags,
  writeListEnd,
} from '../../src/entries/entry-flags.ts';
import { ByteReader, ByteWriter, createDialect, type Dialect } from '../../src/index.ts';
import { bytes, dialects, hex } from '../vectors.ts';

function written(write: (writer: ByteWriter) => void): string {
  const writer = new ByteWriter();
  write(writer);
  return hex(writer.take());
}

const varint = createDialect(32, 0x1ff);
const safe = createDialect(31, 0);
const old30 = createDialect(30, 0);
const p29 = createDialect(29, 0);
const p27 = createDialect(27, 0);

test.each<[string, Dialect, number, boolean, string]>([
  ['varint', varint, 0x2c01, true, 'ac01'],
  ['varint, nothing set', varint, 0, true, '04'],
  ['two bytes', p29, 0x0898, false, '9c08'],
  ['one byte', p29, 0x98, false, '98'],
  ['nothing set, file', p29, 0, false, '01'],
  ['nothing set, directory', p29, 0, true, '0400'],
  ['protocol 27', p27, 0x98, false, '98'],
  ['protocol 27, nothing set, file', p27, 0, false, '01'],
  ['protocol 27, nothing set, directory', p27, 0, true, '40'],
])('flags in the form of %s', (_name, dialect, flags, isDirectory, encoded) => {
  expect(written((w) => writeEntryFlags(w, dialect, flags, isDirectory))).toBe(encoded);
});

test.each<[string, Dialect, number, string]>([
  ['varint', varint, 0, '0000'],
  ['varint', varint, 3, '0003'],
  ['safe', safe, 0, '00'],
  ['safe', safe, 1, '041001'],
  ['protocol 30', old30, 1, '00'],
  ['protocol 29', p29, 1, '00'],
])('end of a list: %s, io_error %i', (_name, dialect, ioError, encoded) => {
  expect(written((w) => writeListEnd(w, dialect, ioError))).toBe(encoded);
  const reader = new ByteReader(bytes(encoded));
  const flags = readEntryFlags(reader, dialect);
  expect(isListEnd(flags, dialect)).toBe(true);
  const carried = encoded === '00' ? 0 : ioError;
  expect(readListError(reader, dialect, flags)).toBe(carried);
  expect(reader.available).toBe(0);
});

test('unknown io_error bits are dropped', () => {
  const reader = new ByteReader(bytes('007f'));
  expect(readListError(reader, varint, readEntryFlags(reader, varint))).toBe(7);
});

test('an error in the end of a list where it is not allowed', () => {
  expect(() => isListEnd(0x1004, old30)).toThrow(expect.objectContaining({ exitCode: 2 }));
});

test('no entry looks like the end of a list', () => {
  fc.assert(
    fc.property(
      fc.nat(0x7fff),
      fc.boolean(),
      fc.constantFrom(...dialects),
      (bits, isDirectory, dialect) => {
        // HLINK_FIRST never comes without HLINKED.
        const flags = (bits & 0x200 ? bits : bits & ~0x1000) & ~4;
        const writer = new ByteWriter();
        const seen = writeEntryFlags(writer, dialect, flags, isDirectory);
        const reader = new ByteReader(writer.take());
        const got = readEntryFlags(reader, dialect);
        expect(isListEnd(got, dialect)).toBe(false);
        expect(got & ~4).toBe(seen & ~4);
        expect(reader.available).toBe(0);
      },
    ),
  );
});
