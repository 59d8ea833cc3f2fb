import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@deltawire/testkit';
import type { TransferStats } from '@deltawire/transfer';
import { expect, test } from 'vitest';
import type { HumanLevel } from '../../src/output/humanize.ts';
import {
  formatKinds,
  formatSignatures,
  formatStats,
  formatSummary,
} from '../../src/output/stats.ts';
import { realRsync } from '../real-rsync.ts';

const NO_KINDS = { regular: 0, directories: 0, symlinks: 0, devices: 0, specials: 0 };

function readNumbers(text: string, protocol: number): TransferStats {
  const number = (label: string): number =>
    Number(new RegExp(`^${label}: ([\\d.]+)`, 'm').exec(text)?.[1] ?? 0);
  const kinds = { ...NO_KINDS, regular: 2, directories: 2, symlinks: 1 };
  return {
    protocol,
    files: kinds,
    created: kinds,
    deleted: NO_KINDS,
    transferredFiles: number('Number of regular files transferred'),
    totalSize: number('Total file size'),
    transferredSize: number('Total transferred file size'),
    literalBytes: number('Literal data'),
    matchedBytes: number('Matched data'),
    listSize: number('File list size'),
    listBuildMs: number('File list generation time') * 1000,
    listTransferMs: number('File list transfer time') * 1000,
    bytesSent: number('Total bytes sent'),
    bytesReceived: number('Total bytes received'),
    requested: 0,
    signatures: { ahead: 0, hits: 0, waits: 0, misses: 0, inline: 0, bytes: 0, waitMs: 0 },
  };
}

test.each([
  [['--no-h'], 0, 32],
  [[], 1, 32],
  [['-h'], 2, 32],
  [['-hh'], 3, 32],
  [['--protocol=30'], 1, 30],
  [['--protocol=28'], 1, 28],
] as const)('the block of rsync -a --stats %j', (options, human, protocol) => {
  using directory = temporaryDirectory();
  mkdirSync(join(directory.path, 's/d'), { recursive: true });
  writeFileSync(join(directory.path, 's/file'), 'x'.repeat(12_345));
  writeFileSync(join(directory.path, 's/d/small'), 'x');
  symlinkSync('file', join(directory.path, 's/l'));
  const run = (...more: string[]): string =>
    realRsync(directory.path, ['-a', '--stats', ...options, ...more]).stdout;
  // The same transfer once with plain numbers, which can be read back.
  const stats = readNumbers(run('--no-h', 's/', 't1'), protocol);
  const expected = run('s/', 't2');
  const format = { human: human as HumanLevel, sends: true };
  const text = formatStats(stats, format) + formatSummary(stats, 0, '', human as HumanLevel);
  // Times differ between two runs, and so does where the frames on the wire end.
  const comparable = (block: string): string =>
    block
      .replace(/\d\.\d{3} seconds/g, 'N seconds')
      .replace(/^(Total bytes \w+): [\d.,]+K?$/gm, '$1: N')
      .replace(/^sent [\d.,]+K? bytes {2}received [\d.,]+K? bytes {2}[\d.,]+K? /m, 'sent N ')
      .replace(/speedup is [\d.]+/, 'speedup is N');
  expect(comparable(text)).toBe(comparable(expected));
});

test('a puller of an old protocol does not know the list times', () => {
  const text = formatStats(readNumbers('', 28), { human: 1, sends: false });
  expect(text).not.toContain('File list generation');
  expect(text).not.toContain('created');
});

test('formatSummary of a dry run, of seconds, and of nothing', () => {
  const stats = { bytesSent: 304, bytesReceived: 57, totalSize: 3_000_019 };
  expect(formatSummary(stats, 0, 'DRY RUN', 1)).toBe(
    '\nsent 304 bytes  received 57 bytes  722.00 bytes/sec\n' +
      'total size is 3,000,019  speedup is 8,310.30 (DRY RUN)\n',
  );
  expect(formatSummary(stats, 1, '', 1)).toContain('  240.67 bytes/sec\n');
  const nothing = { bytesSent: 0, bytesReceived: 0, totalSize: 0 };
  expect(formatSummary(nothing, 0, '', 1)).toContain('speedup is 0.00\n');
});

test('formatKinds and formatSignatures', () => {
  expect(formatKinds({ ...NO_KINDS, devices: 1, specials: 1200 }, 1)).toBe(
    '1,201 (dev: 1, special: 1,200)',
  );
  const s = { ahead: 4, hits: 2, waits: 1, misses: 1, inline: 3, bytes: 5000, waitMs: 12 };
  expect(formatSignatures(s, 1)).toBe(
    'Signatures ahead: 4 (hit: 2, wait: 1, miss: 1, inline: 3), 5,000 bytes read, 0.012 seconds waited\n',
  );
});
