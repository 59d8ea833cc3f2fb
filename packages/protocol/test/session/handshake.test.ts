import { expect, test } from 'vitest';
import { ByteReader, ByteWriter, readNameList, writeNameList } from '../../src/index.ts';
import { bytes, hex } from '../vectors.ts';

test('a captured list of names', () => {
  const names = ['xxh128', 'xxh3', 'xxh64', 'md5', 'md4', 'sha1', 'none'];
  const writer = new ByteWriter();
  writeNameList(writer, names);
  const encoded = writer.take();
  expect(encoded[0]).toBe(0x23);
  expect(readNameList(new ByteReader(encoded))).toEqual(names);
});

test('an empty list and stray spaces', () => {
  expect(readNameList(new ByteReader(bytes('00')))).toEqual([]);
  expect(readNameList(new ByteReader(bytes('05 206120 2062')))).toEqual(['a', 'b']);
  const writer = new ByteWriter();
  writeNameList(writer, []);
  expect(hex(writer.take())).toBe('00');
});

test('255 bytes are the limit', () => {
  expect(() => writeNameList(new ByteWriter(), ['x'.repeat(256)])).toThrow(RangeError);
});
