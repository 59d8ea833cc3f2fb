import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { compareTrees } from '../../src/demo/compare.ts';

test('equal trees have no differences', () => {
  using directory = temporaryDirectory();
  mkdirSync(join(directory.path, 'a/d'), { recursive: true });
  writeFileSync(join(directory.path, 'a/d/f'), 'x');
  symlinkSync('d', join(directory.path, 'a/l'));
  execFileSync('cp', ['-a', 'a', 'b'], { cwd: directory.path });
  const compare = (): readonly string[] =>
    compareTrees(join(directory.path, 'a'), join(directory.path, 'b')).differences;
  expect(compareTrees(join(directory.path, 'a'), join(directory.path, 'b'))).toEqual({
    entries: 4,
    differences: [],
  });

  const file = join(directory.path, 'b/d/f');
  chmodSync(file, 0o600);
  expect(compare()).toEqual(['mode of d/f']);
  chmodSync(file, 0o644);
  utimesSync(file, 5, 5);
  expect(compare()).toContain('mtime of d/f');
  writeFileSync(file, 'y');
  expect(compare()).toContain('content of d/f');
  writeFileSync(join(directory.path, 'b/extra'), '');
  expect(compare()).toContain('existence of extra');
});
