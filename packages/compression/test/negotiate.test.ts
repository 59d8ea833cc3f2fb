import { expect, test } from 'vitest';
import { negotiateCompressor, offeredCompressors } from '../src/index.ts';

test('a server offers none as well', () => {
  expect(offeredCompressors(false)).toEqual(['zstd', 'lz4', 'zlibx', 'zlib']);
  expect(offeredCompressors(true)).toEqual(['zstd', 'lz4', 'zlibx', 'zlib', 'none']);
});

test.each([
  ['zstd lz4 zlibx zlib', 'zstd lz4 zlibx zlib none', 'zstd'],
  ['zstd lz4 zlibx zlib', 'zlib zlibx', 'zlibx'],
  ['zstd lz4 zlibx zlib', 'ZLIB', 'zlib'],
  ['ZSTD', 'zstd', 'zstd'],
  ['none zstd', 'zstd none', 'none'],
  ['zstd', 'zlib', undefined],
  ['INVALID', 'INVALID', undefined],
  ['future zlib', 'future zlib', 'zlib'],
  ['', 'zlib', undefined],
])('%j and %j agree on %s', (ours, theirs, name) => {
  expect(negotiateCompressor(ours.split(' '), theirs.split(' '))).toBe(name);
});
