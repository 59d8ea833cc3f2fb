import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ByteReader,
  ByteWriter,
  readFilterText,
  writeFilterListEnd,
  writeFilterText,
} from '../src/index.ts';
import { bytes, hex } from './vectors.ts';

test('a captured list', () => {
  const captured = `05000000 2a2e746d70 08000000 2b206b6565702e6f 08000000 2d202d2064617368
    03000000 2a2e6f 06000000 747261696c2f 00000000`;
  const rules = ['*.tmp', '+ keep.o', '- - dash', '*.o', 'trail/'];
  const writer = new ByteWriter();
  for (const rule of rules) writeFilterText(writer, rule);
  writeFilterListEnd(writer);
  const encoded = writer.take();
  expect(hex(encoded)).toBe(hex(bytes(captured)));
  const reader = new ByteReader(encoded);
  expect([...rules, ''].map(() => readFilterText(reader))).toEqual([...rules, '']);
});

test('a rule has 1 to 5119 bytes', () => {
  expect(() => writeFilterText(new ByteWriter(), '')).toThrow(RangeError);
  expect(() => writeFilterText(new ByteWriter(), 'x'.repeat(5120))).toThrow(RangeError);
  const writer = new ByteWriter();
  writeFilterText(writer, 'x'.repeat(5119));
  expect(readFilterText(new ByteReader(writer.take()))).toHaveLength(5119);
});

test('any rule survives', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (data) => {
      const text = String.fromCharCode(...data);
      const writer = new ByteWriter();
      writeFilterText(writer, text);
      expect(readFilterText(new ByteReader(writer.take()))).toBe(text);
    }),
  );
});
