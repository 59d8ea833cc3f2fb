import { expect, test } from 'vitest';
import { ByteReader, IncompleteError, ProtocolError } from '../../src/index.ts';
import { bytes } from '../vectors.ts';

test('reads little-endian integers one after the other', () => {
  const reader = new ByteReader(bytes('01 0200 03000080 ffffffff ff'));
  expect(reader.u8()).toBe(1);
  expect(reader.u16()).toBe(2);
  expect(reader.u32()).toBe(0x80000003);
  expect(reader.i32()).toBe(-1);
  expect(reader.position).toBe(11);
  expect(reader.available).toBe(1);
});

test('bytes() is a view, string() a byte string', () => {
  const data = bytes('e9 00 41 42');
  const reader = new ByteReader(data);
  const view = reader.bytes(2);
  data[0] = 1;
  expect([...view]).toEqual([1, 0]);
  expect(reader.string(2)).toBe('AB');
  expect(new ByteReader(bytes('e980')).string(2)).toBe('\u00e9\u0080');
});

test('skip() passes over bytes', () => {
  const reader = new ByteReader(bytes('010203'));
  reader.skip(2);
  expect(reader.u8()).toBe(3);
});

test('a read beyond the end throws a typed error and consumes nothing', () => {
  const reads: ((reader: ByteReader) => unknown)[] = [
    (r) => r.u16(),
    (r) => r.u32(),
    (r) => r.i32(),
    (r) => r.bytes(2),
    (r) => r.string(2),
    (r) => r.skip(2),
  ];
  for (const read of reads) {
    const reader = new ByteReader(bytes('07'));
    expect(() => read(reader)).toThrow(IncompleteError);
    expect(() => read(reader)).toThrow(ProtocolError);
    expect(reader.u8()).toBe(7);
    expect(() => reader.u8()).toThrow(IncompleteError);
  }
});

test('an empty reader has nothing', () => {
  expect(new ByteReader().available).toBe(0);
});
