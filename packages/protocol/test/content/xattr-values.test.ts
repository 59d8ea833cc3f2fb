import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ByteReader,
  ByteWriter,
  createDialect,
  hasXattrPart,
  LimitError,
  readXattrRequest,
  readXattrValueHead,
  writeXattrRequest,
  writeXattrValue,
  writeXattrValuesEnd,
} from '../../src/index.ts';
import { hex } from '../vectors.ts';

test('which items have a part of their own', () => {
  const avoids = createDialect(32, 0x1ff);
  const shortens = createDialect(32, 0x1ff & ~0x10);
  const old = createDialect(30, 0);
  for (const dialect of [avoids, shortens, old]) {
    expect(hasXattrPart(dialect, 0x8000)).toBe(false);
    expect(hasXattrPart(dialect, 0x8100)).toBe(true);
    expect(hasXattrPart(dialect, 0x6100)).toBe(true);
  }
  // A hard link made here has the attributes of its file.
  expect(hasXattrPart(avoids, 0x7100)).toBe(true);
  expect(hasXattrPart(shortens, 0x7100)).toBe(false);
  expect(hasXattrPart(old, 0x7100)).toBe(true);
});

test('a recorded request and its answer', () => {
  const out = new ByteWriter();
  writeXattrRequest(out, [2]);
  expect(hex(out.take())).toBe('0200');
  writeXattrValue(out, 2, 0, new Uint8Array([120, 121]));
  writeXattrValuesEnd(out);
  expect(hex(out.take())).toBe('0202787900');
});

test('numbers and values survive', () => {
  const numbers = fc
    .uniqueArray(fc.integer({ min: 1, max: 65_536 }), { maxLength: 20 })
    .map((all) => all.sort((a, b) => a - b));
  fc.assert(
    fc.property(numbers, fc.uint8Array({ maxLength: 40 }), (asked, value) => {
      const out = new ByteWriter();
      writeXattrRequest(out, asked);
      expect(readXattrRequest(new ByteReader(out.take()))).toEqual(asked);
      let previous = 0;
      for (const number of asked) {
        writeXattrValue(out, number, previous, value);
        previous = number;
      }
      writeXattrValuesEnd(out);
      const reader = new ByteReader(out.take());
      previous = 0;
      for (const number of asked) {
        expect(readXattrValueHead(reader, previous)).toEqual({ number, length: value.length });
        expect(reader.bytes(value.length)).toEqual(value);
        previous = number;
      }
      expect(readXattrValueHead(reader, previous)).toBe('end');
    }),
  );
});

test('numbers and lengths have limits', () => {
  const input = (text: string): ByteReader =>
    new ByteReader(new Uint8Array(Buffer.from(text, 'hex')));
  expect(() => readXattrRequest(input('f0ffffffff00'))).toThrow(LimitError);
  expect(() => readXattrRequest(input('c100000100'))).toThrow(LimitError);
  expect(() => readXattrValueHead(input('01f001000008'), 0)).toThrow(LimitError);
  expect(() => readXattrValueHead(input('01f0ffffffff'), 0)).toThrow(LimitError);
});
