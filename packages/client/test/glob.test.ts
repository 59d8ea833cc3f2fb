import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { expandGlob } from '../src/glob.ts';

const root = mkdtempSync(join(tmpdir(), 'glob-'));
mkdirSync(join(root, 'dir'));
for (const name of ['b.txt', 'a.txt', '.hidden', 'dir/c.txt', 'star*']) {
  writeFileSync(join(root, name), '');
}
afterAll(() => rmSync(root, { recursive: true }));

test.each([
  ['*.txt', ['a.txt', 'b.txt']],
  ['*', ['a.txt', 'b.txt', 'dir', 'star*']],
  ['*/', ['dir/']],
  ['.h*', ['.hidden']],
  ['*/*.txt', ['dir/c.txt']],
  ['d[i]r/c.txt', ['dir/c.txt']],
  ['none*', ['none*']],
  ['star\\*', ['star*']],
  ['st?r\\*', ['star*']],
])('%s', (pattern, names) => {
  const path = (name: string): string => `${root}/${name}`;
  expect(expandGlob(path(pattern))).toEqual(names.map(path));
});
