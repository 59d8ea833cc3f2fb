import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { replaceAtomically } from '../src/replace.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test('makes it under a name with a number', () => {
  const at = temporaryDirectory();
  let used = '';
  replaceAtomically(`${at}/f`, (path) => {
    used = path;
    writeFileSync(path, 'new');
  });
  expect(used.slice(at.length)).toMatch(/^\/\.f\.\d+$/);
  expect(readFileSync(`${at}/f`, 'utf8')).toBe('new');
});

test('takes another number when the name is taken', () => {
  const at = temporaryDirectory();
  let calls = 0;
  replaceAtomically(`${at}/f`, (path) => {
    if (calls++ === 0) writeFileSync(path, 'theirs');
    writeFileSync(path, 'ours', { flag: 'wx' });
  });
  expect(calls).toBe(2);
  expect(readFileSync(`${at}/f`, 'utf8')).toBe('ours');
});

test('a failure leaves no temporary name', () => {
  const at = temporaryDirectory();
  expect(() => replaceAtomically(`${at}/no/f`, (path) => writeFileSync(path, ''))).toThrow();
  expect(() => replaceAtomically(at, (path) => writeFileSync(path, ''))).toThrow();
  expect(readdirSync(at)).toEqual([]);
});
