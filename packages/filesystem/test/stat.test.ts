import { closeSync, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { setTimes } from '../src/attributes.ts';
import { errnoText } from '../src/errno.ts';
import { fileTypeOfMode } from '../src/file-stat.ts';
import { fstat, lstat, stat, statError } from '../src/stat.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test('describes files, directories and links', () => {
  const at = temporaryDirectory();
  writeFileSync(`${at}/f`, 'hello', { mode: 0o640 });
  mkdirSync(`${at}/d`);
  symlinkSync('f', `${at}/l`);
  expect(lstat(`${at}/f`)).toMatchObject({ type: 'file', size: 5, mode: 0o100640, nlink: 1 });
  expect(lstat(`${at}/d`)?.type).toBe('directory');
  expect(lstat(`${at}/l`)).toMatchObject({ type: 'symlink', size: 1 });
  expect(stat(`${at}/l`)?.type).toBe('file');
  const fd = openSync(`${at}/f`, 'r');
  expect(fstat(fd)).toEqual(lstat(`${at}/f`));
  closeSync(fd);
});

test('missing files and files below a file are undefined', () => {
  const at = temporaryDirectory();
  writeFileSync(`${at}/f`, '');
  symlinkSync('nowhere', `${at}/broken`);
  expect(lstat(`${at}/nope`)).toBeUndefined();
  expect(lstat(`${at}/f/x`)).toBeUndefined();
  expect(stat(`${at}/broken`)).toBeUndefined();
  expect(errnoText(statError(`${at}/nope`, false))).toBe('No such file or directory (2)');
  expect(errnoText(statError(`${at}/f/x`, true))).toBe('Not a directory (20)');
});

test('seconds are floored, nanoseconds exact and positive before 1970', () => {
  const at = temporaryDirectory();
  writeFileSync(`${at}/f`, '');
  setTimes(`${at}/f`, { mtime: -5, mtimeNs: 999_999_999, atime: 7, atimeNs: 1 });
  expect(lstat(`${at}/f`)).toMatchObject({
    mtime: -5,
    mtimeNs: 999_999_999,
    atime: 7,
    atimeNs: 1,
  });
});

test('device numbers are those of /dev/null', () => {
  expect(lstat('/dev/null')).toMatchObject({ type: 'char', rdevMajor: 1, rdevMinor: 3 });
});

test('types by mode', () => {
  const modes = [0o140777, 0o120777, 0o100644, 0o060600, 0o040755, 0o020600, 0o010644];
  expect(modes.map(fileTypeOfMode)).toEqual([
    'socket',
    'symlink',
    'file',
    'block',
    'directory',
    'char',
    'fifo',
  ]);
});
