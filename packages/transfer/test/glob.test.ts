import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { temporaryDirectory } from '@deltawire/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import { expandGlob } from '../src/glob.ts';

const directory = temporaryDirectory();
const root = directory.path;
mkdirSync(directory.join('dir'));
for (const name of ['b.txt', 'a.txt', '.hidden', 'dir/c.txt', 'star*']) {
  writeFileSync(directory.join(name), '');
}
symlinkSync('/etc', directory.join('out'));
symlinkSync('dir', directory.join('in'));
afterAll(() => directory.remove());

describe('below a root', () => {
  test.each([
    ['*.txt', ['a.txt', 'b.txt']],
    ['*', ['a.txt', 'b.txt', 'dir', 'in', 'out', 'star*']],
    ['d*/', ['dir/']],
    ['.h*', ['.hidden']],
    ['d*/*.txt', ['dir/c.txt']],
    ['dir/c.txt', ['dir/c.txt']],
    ['dir/./c*', ['dir/./c.txt']],
    ['a\\.txt', ['a\\.txt']],
    ['none*', ['none*']],
    ['st?r\\*', ['star*']],
    ['in/*', ['in/c.txt']],
    ['out/pass*', ['out/pass*']],
  ])('%s', (pattern, names) => {
    expect(expandGlob(pattern, root)).toEqual(names);
  });
});

describe('anywhere', () => {
  test.each([
    ['*.txt', ['a.txt', 'b.txt']],
    ['*/', ['dir/', 'in/', 'out/']],
    ['.h*', ['.hidden']],
    ['d*/*.txt', ['dir/c.txt']],
    ['d[i]r/c.txt', ['dir/c.txt']],
    ['out/pass?d', ['out/passwd']],
    ['none*', ['none*']],
    ['star\\*', ['star*']],
  ])('%s', (pattern, names) => {
    const path = (name: string): string => `${root}/${name}`;
    expect(expandGlob(path(pattern))).toEqual(names.map(path));
  });

  test('a pattern without a directory is one for the current directory', () => {
    expect(expandGlob('packag*.json')).toEqual(['package.json']);
  });
});
