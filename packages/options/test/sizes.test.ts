import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatSize, parseBandwidth, parseSize } from '../src/index.ts';
import { parseSizeOption } from '../src/sizes.ts';

test.for([
  ['', 0],
  ['.', 0],
  ['k', 0],
  ['5', 5],
  ['4.9b', 4],
  ['1bib', 1],
  ['.5k', 512],
  ['1.k', 1024],
  ['1.5M', 1572864],
  ['1kb', 1000],
  ['1KiB', 1024],
  ['5-1', 4],
  ['1tib+1', 1099511627777],
  ['1.0000001g', 1073741931],
  ['8191p', 8191 * 2 ** 50],
  ['8192p', 'too large'],
  ['-1', 'too large'],
  ['0-1', 'too large'],
  ['-', 'invalid'],
  ['+5', 'invalid'],
  ['1ki', 'invalid'],
  ['1K+2', 'invalid'],
  ['1,5k', 'invalid'],
  ['1e', 'invalid'],
  [' 5', 'invalid'],
] as const)('parseSize(%j) is %s', ([text, expected]) => {
  expect(parseSize(text)).toBe(expected);
});

test('sizes survive being formatted and parsed', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (bytes) => {
      expect(parseSize(formatSize(bytes))).toBe(bytes);
    }),
  );
});

test('formatSize() prints every digit of large sizes', () => {
  expect(formatSize(8191 * 2 ** 50)).toBe('9222246136947933184');
});

test('any text gives a size or a problem', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const size = parseSize(text);
      expect(typeof size === 'string' || (Number.isInteger(size) && size >= 0)).toBe(true);
    }),
  );
});

test('parseSizeOption() names the limit', () => {
  const limits = { min: 512, max: 2 ** 20 };
  expect(parseSizeOption('--x', '1k', limits)).toBe(1024);
  expect(() => parseSizeOption('--x', '2m', limits)).toThrow(
    'rsync: --x=2m is too large (max: 1.00M)',
  );
  expect(() => parseSizeOption('--x', '0', limits)).toThrow('is too small (min: 512)');
});

test('parseBandwidth() rounds to KiB, and 0 is no limit', () => {
  expect(['0', '1', '1.5m', '512b', '1535b', '1536b', '0.0001'].map(parseBandwidth)).toEqual([
    0, 1, 1536, 1, 1, 2, 0,
  ]);
  expect(() => parseBandwidth('511b')).toThrow('(min: 512 or 0 for unlimited)');
});
