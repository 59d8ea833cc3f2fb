import { existsSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  checkSearchable,
  makeDirectories,
  makeDirectory,
  readDirectory,
  readLink,
  removeDirectory,
  removeFile,
  renamePath,
} from '../src/directory.ts';
import { createSymlink } from '../src/links.ts';
import { fsPath } from '../src/paths.ts';
import { lstat } from '../src/stat.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test('names and link targets keep bytes that are not UTF-8', () => {
  const at = temporaryDirectory();
  writeFileSync(fsPath(`${at}/f\xff`), '');
  createSymlink('t\xe9\x80', `${at}/l`);
  expect(readDirectory(at).sort()).toEqual(['f\xff', 'l']);
  expect(readLink(`${at}/l`)).toBe('t\xe9\x80');
  renamePath(`${at}/f\xff`, `${at}/g\xfe`);
  expect(lstat(`${at}/g\xfe`)?.type).toBe('file');
  removeFile(`${at}/g\xfe`);
  expect(readDirectory(at)).toEqual(['l']);
});

test('makes missing parents and tells which', () => {
  const at = temporaryDirectory();
  expect(makeDirectories(`${at}/a/b/c`)).toEqual([`${at}/a`, `${at}/a/b`, `${at}/a/b/c`]);
  expect(makeDirectories(`${at}/a/b/d`)).toEqual([`${at}/a/b/d`]);
  expect(makeDirectories(`${at}/a`)).toEqual([]);
});

test('makes and removes a directory', () => {
  const at = temporaryDirectory();
  makeDirectory(`${at}/d`, 0o700);
  expect(lstat(`${at}/d`)?.mode).toBe(0o040700);
  removeDirectory(`${at}/d`);
  expect(existsSync(`${at}/d`)).toBe(false);
});

test('a directory whose names cannot be looked up', () => {
  const at = temporaryDirectory();
  checkSearchable(at);
  checkSearchable('');
  expect(() => checkSearchable(`${at}/gone`)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});
