import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import type { HumanLevel } from '../../src/output/humanize.ts';
import { formatListing, permissionText, typeCharacter } from '../../src/output/list.ts';
import { entryOf } from '../entry.ts';
import { realRsync } from '../real-rsync.ts';

function makeTree(root: string): void {
  writeFileSync(join(root, 'big'), '');
  truncateSync(join(root, 'big'), 12_345_678_901);
  mkdirSync(join(root, 'd'));
  chmodSync(join(root, 'd'), 0o1777);
  for (const mode of [0o4755, 0o2644, 0o6000, 0o1644, 0o000, 0o777]) {
    writeFileSync(join(root, `m${mode}`), 'x');
    chmodSync(join(root, `m${mode}`), mode);
  }
  utimesSync(join(root, 'm511'), -1e8, -1e8);
  symlinkSync('d/x', join(root, 'l'));
  execFileSync('mkfifo', [join(root, 'p')]);
}

test.each([
  [['-a', '--no-h'], 0, true, 0],
  [['-r'], 1, false, 0],
  [['-a', '-h'], 2, true, 0],
  [['-aU'], 1, true, 1],
] as const)('formatListing agrees with rsync %j', (args, human, links, atimes) => {
  using directory = temporaryDirectory();
  makeTree(directory.path);
  const { stdout } = realRsync(directory.path, [...args, '--list-only', './']);
  const format = { human: human as HumanLevel, links, atimes: atimes > 0, crtimes: false };
  const lines = stdout.split('\n').filter((line) => line !== '');
  expect(lines.length).toBe(11);
  for (const line of lines) {
    const name = /:\d\d +(\S+)(?: -> .*)?$/.exec(line)![1]!;
    expect(formatListing(entryOf(join(directory.path, name), name), format)).toBe(line);
  }
});

test('typeCharacter knows every type', () => {
  const modes = [0o100000, 0o40000, 0o120000, 0o20000, 0o60000, 0o10000, 0o140000, 0];
  expect(modes.map(typeCharacter).join('')).toBe('-dlcbps?');
});

test('permissionText', () => {
  expect(permissionText(0o100754)).toBe('rwxr-xr--');
});
