import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeTree, temporaryDirectory } from '../src/index.ts';

test('makes every kind of entry, with exact times and modes', () => {
  using dir = temporaryDirectory();
  const root = dir.join('tree');
  makeTree(root, {
    'a.txt': 'hello',
    'deep/er/b': { content: new Uint8Array([1, 2]), mode: 0o640, mtime: '1234567890.987654321' },
    'empty/': null,
    'closed/': { directory: true, mode: 0o500, mtime: 7 },
    'closed/in': 'x',
    link: { link: 'nowhere', mtime: '1.5' },
    twin: { hardLink: 'a.txt' },
    pipe: { fifo: true, mode: 0o600 },
  });
  const stat = (name: string) => lstatSync(`${root}/${name}`, { bigint: true });
  expect(readFileSync(`${root}/a.txt`, 'utf8')).toBe('hello');
  expect(stat('a.txt').mtimeNs).toBe(1500000000123456789n);
  expect(stat('twin').ino).toBe(stat('a.txt').ino);
  expect(stat('deep/er/b').mtimeNs).toBe(1234567890987654321n);
  expect(stat('deep/er/b').mode & 0o7777n).toBe(0o640n);
  expect(stat('deep').mtimeNs).toBe(1500000000123456789n);
  expect(stat('empty').isDirectory()).toBe(true);
  expect([stat('closed').mode & 0o7777n, stat('closed').mtimeNs]).toEqual([0o500n, 7000000000n]);
  expect([readlinkSync(`${root}/link`), stat('link').mtimeNs]).toEqual(['nowhere', 1500000000n]);
  expect(stat('pipe').isFIFO()).toBe(true);
});

test('names may be bytes', () => {
  using dir = temporaryDirectory();
  makeTree(dir.path, { 'caf\xe9': 'x', 'b/\xff': { link: '\xfe' } }, { bytes: true });
  const names = readdirSync(dir.path, 'buffer').map((name) => name.toString('latin1'));
  expect(names.sort()).toEqual(['b', 'caf\xe9']);
  const target = readlinkSync(Buffer.from(`${dir.path}/b/\xff`, 'latin1'), 'buffer');
  expect(target.toString('latin1')).toBe('\xfe');
});
