import { expect, test } from 'vitest';
import { CHECKSUM_NAMES, digestLength, parseChecksumName } from '../src/algorithms.ts';

test('checksum names are in the order rsync offers them', () => {
  expect(CHECKSUM_NAMES.join(' ')).toBe('xxh128 xxh3 xxh64 md5 md4 sha1 none');
});

test('digestLength() is the number of bytes on the wire', () => {
  expect(CHECKSUM_NAMES.map(digestLength)).toEqual([16, 8, 8, 16, 16, 20, 1]);
  expect([digestLength('sha256'), digestLength('sha512')]).toEqual([32, 64]);
});

test('parseChecksumName() ignores case and knows the alias xxhash', () => {
  expect(parseChecksumName('MD5')).toBe('md5');
  expect(parseChecksumName('XXHash')).toBe('xxh64');
  expect(parseChecksumName('none')).toBe('none');
  expect(parseChecksumName('sha256')).toBeUndefined();
  expect(parseChecksumName('')).toBeUndefined();
});
