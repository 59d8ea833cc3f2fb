import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { expandGlob } from '../src/glob.ts';

const root = mkdtempSync(join(tmpdir(), 'glob-'));
mkdirSync(join(root, 'dir'));
for (const name of ['b.txt', 'a.txt', '.hidden', 'dir/c.txt', 'star*']) {
  writeFileSync(join(root, name), '');
}
symlinkSync('/etc', join(root, 'out'));
symlinkSync('dir', join(root, 'in'));
afterAll(() => rmSync(root, { recursive: true }));

test.each([
  ['*.txt', ['a.txt', 'b.txt']],
  ['*', ['a.txt', 'b.txt', 'dir', 'in', 'out', 'star*']],
  ['d*/', ['dir/']],
  ['.h*', ['.hidden']],
  ['d*/*.txt', ['dir/c.txt']],
  ['dir/c.txt', ['dir/c.txt']],
  ['a\\.txt', ['a.txt']],
  ['none*', ['none*']],
  ['st?r\\*', ['star*']],
  ['in/*', ['in/c.txt']],
  ['out/pass*', ['out/pass*']],
])('%s', (pattern, names) => {
  expect(expandGlob(pattern, root)).toEqual(names);
});
