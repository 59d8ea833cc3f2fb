import { randomBytes } from '@deltawire/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CompressionError, compressLz4Block, decompressLz4Block, lz4Bound } from '../src/index.ts';
import { repetitive } from './spans.ts';

function compress(source: Uint8Array): Uint8Array {
  const target = new Uint8Array(lz4Bound(source.length));
  return target.slice(0, compressLz4Block(source, target));
}

function decompress(block: Uint8Array, limit: number): Uint8Array {
  const target = new Uint8Array(limit);
  return target.subarray(0, decompressLz4Block(block, target));
}

const source = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.array(fc.constantFrom(0, 1), { maxLength: 300 }).map((a) => Uint8Array.from(a)),
  fc
    .record({ seed: fc.nat(1000), length: fc.nat(16_383) })
    .map(({ seed, length }) => repetitive(length, seed)),
  fc
    .record({ seed: fc.nat(1000), length: fc.nat(65_535) })
    .map(({ seed, length }) => Buffer.from(randomBytes(length, seed))),
  fc.nat(65_535).map((length) => new Uint8Array(length)),
);

test('blocks come back as they were, within the bound', () => {
  fc.assert(
    fc.property(source, (data) => {
      const block = compress(data);
      expect(block.length).toBeLessThanOrEqual(lz4Bound(data.length));
      expect(Buffer.from(data).equals(decompress(block, data.length))).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('blocks as the format describes them', () => {
  const hex = (data: Uint8Array): string => Buffer.from(compress(data)).toString('hex');
  expect(hex(new Uint8Array(0))).toBe('00');
  expect(hex(Buffer.from('abc'))).toBe('30616263');
  // One literal, a copy of 4 + 15 + 255 + 0 bytes from one byte back, five literals.
  expect(hex(new Uint8Array(280))).toBe('1f000100ff00500000000000');
});

test('a broken block is an error, never more than its target', () => {
  const broken = [
    '',
    'f0', // ends in a length
    '3061', // in literals
    '1061 01', // in an offset
    '1061 0000 5061616161', // offset 0
    '1061 0200 5061616161', // before the start
    '1061 0100', // without literals behind the copy
    '1f61 0100 ffffffff00 5061616161616161', // too long
  ];
  for (const text of broken) {
    const block = Buffer.from(text.replaceAll(' ', ''), 'hex');
    expect(() => decompress(block, 64), text).toThrow(CompressionError);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (block) => {
      try {
        expect(decompress(block, 500).length).toBeLessThanOrEqual(500);
      } catch (error) {
        expect(error).toBeInstanceOf(CompressionError);
      }
    }),
  );
});
