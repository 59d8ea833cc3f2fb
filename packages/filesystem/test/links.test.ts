import { linkSync, readdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readLink } from '../src/directory.ts';
import { errnoCode } from '../src/errno.ts';
import { createHardLink, createSymlink } from '../src/links.ts';
import { lstat } from '../src/stat.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test('replaces a file by a link without leaving anything else', () => {
  const at = temporaryDirectory();
  writeFileSync(`${at}/f`, '');
  expect(() => createSymlink('x', `${at}/f`)).toThrow('EEXIST');
  createSymlink('x', `${at}/f`, { replace: true });
  expect(readLink(`${at}/f`)).toBe('x');
  expect(readdirSync(at)).toEqual(['f']);
});

test('a hard link replaces another file, and itself', () => {
  const at = temporaryDirectory();
  writeFileSync(`${at}/a`, '1');
  writeFileSync(`${at}/b`, '2');
  createHardLink(`${at}/a`, `${at}/b`, { replace: true });
  expect(lstat(`${at}/b`)?.ino).toBe(lstat(`${at}/a`)?.ino);
  createHardLink(`${at}/a`, `${at}/b`, { replace: true });
  expect(readdirSync(at).sort()).toEqual(['a', 'b']);
  expect(lstat(`${at}/a`)?.nlink).toBe(2);
});

test('symlinks can have a second name', () => {
  const at = temporaryDirectory();
  createSymlink('nowhere', `${at}/l`);
  createHardLink(`${at}/l`, `${at}/m`);
  expect(lstat(`${at}/m`)).toMatchObject({ type: 'symlink', nlink: 2 });
});

test('a directory is not replaced', () => {
  const at = temporaryDirectory();
  writeFileSync(`${at}/x`, '');
  linkSync(`${at}/x`, `${at}/y`);
  let code: string | undefined;
  try {
    createSymlink('x', at, { replace: true });
  } catch (error) {
    code = errnoCode(error);
  }
  expect(code).toBe('EISDIR');
});
