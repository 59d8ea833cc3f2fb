import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { formatCount, formatDecimal, humanLevel } from '../../src/output/humanize.ts';
import { realRsync } from '../real-rsync.ts';

const SIZES = [
  0, 1, 999, 1000, 1023, 1024, 9999, 999_999, 1_000_000, 1_048_576, 1_234_567, 5_678_901_234,
];

test.each([
  ['--no-h', 0],
  ['--numeric-ids', 1],
  ['-h', 2],
  ['-hh', 3],
  ['-hhh', 4],
] as const)('formatCount agrees with rsync %s', (option, count) => {
  using directory = temporaryDirectory();
  for (const size of SIZES) {
    const path = join(directory.path, `f${size}`);
    writeFileSync(path, '');
    truncateSync(path, size);
  }
  const { stdout } = realRsync(directory.path, ['-r', '--list-only', option, './']);
  const shown = new Map<string, string>();
  for (const line of stdout.split('\n')) {
    const match = /^-\S+ +(\S+) .* f(\d+)$/.exec(line);
    if (match) shown.set(match[2]!, match[1]!);
  }
  expect(shown.size).toBe(SIZES.length);
  for (const size of SIZES) {
    expect(formatCount(size, humanLevel(count))).toBe(shown.get(`${size}`));
  }
});

test('formatDecimal keeps two decimals below the unit', () => {
  expect(formatDecimal(6_003_274, 1)).toBe('6,003,274.00');
  expect(formatDecimal(410, 2)).toBe('410.00');
  expect(formatDecimal(9677.48, 2)).toBe('9.68K');
  expect(formatDecimal(28_700, 3)).toBe('28.03K');
  expect(formatDecimal(1234.5, 0)).toBe('1234.50');
});
