import { expect, test } from 'vitest';
import { COMPRESSOR_NAMES, compressionLevel, parseCompressorName } from '../src/index.ts';

test('names are known in any case', () => {
  expect(COMPRESSOR_NAMES.map((name) => parseCompressorName(name.toUpperCase()))).toEqual(
    COMPRESSOR_NAMES,
  );
  for (const name of ['none', 'auto', 'zlib,zstd', '']) {
    expect(parseCompressorName(name)).toBeUndefined();
  }
});

// What `--debug=nstr` of the real program says for each level.
test.each([
  ['zlib', undefined, 6],
  ['zlib', -1, 6],
  ['zlib', -5, 1],
  ['zlib', 5, 5],
  ['zlib', 100, 9],
  ['zlib', 0, undefined],
  ['zlibx', 0, undefined],
  ['zlibx', -1, 6],
  ['zstd', undefined, 3],
  ['zstd', 0, 3],
  ['zstd', -1, -1],
  ['zstd', 99, 22],
  ['zstd', -9_999_999, -131_072],
  ['lz4', undefined, 0],
  ['lz4', 0, 0],
  ['lz4', 5, 0],
] as const)('%s at level %s is level %s', (name, asked, level) => {
  expect(compressionLevel(name, asked)).toBe(level);
});
