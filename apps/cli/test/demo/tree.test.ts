import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { compareTrees } from '../../src/demo/compare.ts';
import { editTree, generateTree, randomNumbers } from '../../src/demo/tree.ts';

test('the tree is the same in every run, and the edits change it', () => {
  using one = temporaryDirectory();
  using two = temporaryDirectory();
  generateTree(one.path);
  generateTree(two.path);
  const names = readdirSync(one.path, { recursive: true }) as string[];
  expect(names.length).toBeGreaterThan(300);
  const archive = join('archives', 'volume-0.bin');
  expect(readFileSync(join(one.path, archive))).toEqual(readFileSync(join(two.path, archive)));
  expect(statSync(join(one.path, 'media/disk.img')).size).toBe(8 * 1024 * 1024);

  editTree(two.path);
  const { differences } = compareTrees(one.path, two.path);
  for (const what of [
    'content of archives/volume-0.bin',
    'content of archives/volume-15.bin',
    'content of media/disk.img',
    'existence of empty',
    'existence of docs/new-1.txt',
    'mode of bin/run',
    'link target of current',
  ]) {
    expect(differences).toContain(what);
  }
});

test('randomNumbers repeats itself with the same seed only', () => {
  const [a, b, c] = [randomNumbers(1), randomNumbers(1), randomNumbers(2)];
  const first = a();
  expect(first).toBe(b());
  expect(first).not.toBe(c());
  expect(first).toBeGreaterThanOrEqual(0);
  expect(first).toBeLessThan(1);
});
