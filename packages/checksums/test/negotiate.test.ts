import { expect, test } from 'vitest';
import { negotiateChecksum } from '../src/negotiate.ts';

test('our order decides', () => {
  expect(negotiateChecksum(['xxh64', 'md5'], ['md5', 'xxh64'])).toBe('xxh64');
});

test('names match by meaning: aliases, any case', () => {
  expect(negotiateChecksum(['xxhash', 'md4'], ['MD4', 'XXH64'])).toBe('xxh64');
});

test('unknown names never match, not even each other', () => {
  expect(negotiateChecksum(['sha3', 'md5'], ['sha3', 'md5'])).toBe('md5');
  expect(negotiateChecksum(['sha3'], ['sha3'])).toBeUndefined();
});

test('no common name', () => {
  expect(negotiateChecksum(['xxh128'], ['md5'])).toBeUndefined();
  expect(negotiateChecksum([], [])).toBeUndefined();
});
