import { expect, test } from 'vitest';
import {
  ByteReader,
  ByteWriter,
  LimitError,
  matchedBlock,
  readToken,
  writeEndToken,
  writeLiteralToken,
  writeMatchToken,
} from '../../src/index.ts';
import { hex } from '../vectors.ts';

test('literal, match and end', () => {
  const writer = new ByteWriter();
  writeLiteralToken(writer, 12);
  writeMatchToken(writer, 0);
  writeMatchToken(writer, 1);
  writeEndToken(writer);
  const encoded = writer.take();
  expect(hex(encoded)).toBe('0c000000fffffffffeffffff00000000');
  const reader = new ByteReader(encoded);
  expect(readToken(reader)).toBe(12);
  expect(matchedBlock(readToken(reader), 2)).toBe(0);
  expect(matchedBlock(readToken(reader), 2)).toBe(1);
  expect(readToken(reader)).toBe(0);
});

test('the most negative token is block 2^31 - 1', () => {
  expect(matchedBlock(-(2 ** 31), 2 ** 31)).toBe(2 ** 31 - 1);
  expect(() => matchedBlock(-(2 ** 31), 2 ** 31 - 1)).toThrow(LimitError);
});
