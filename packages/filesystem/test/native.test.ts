import { execFileSync } from 'node:child_process';
import { closeSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errnoCode, errnoText } from '../src/errno.ts';
import { nativeCalls, UTIME_OMIT } from '../src/native.ts';
import { lstat } from '../src/stat.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const native = nativeCalls();
const times = { atime: 1, atimeNs: 2, mtime: 1_700_000_000, mtimeNs: 999_999_999 };

test.skipIf(native === undefined)('times are exact and links are not followed', () => {
  const at = temporaryDirectory();
  writeFileSync(`${at}/f`, '');
  symlinkSync('f', `${at}/l`);
  native?.utimensat(`${at}/l`, times, false);
  expect(lstat(`${at}/l`)).toMatchObject(times);
  expect(lstat(`${at}/f`)).not.toMatchObject(times);
  native?.utimensat(`${at}/l`, times, true);
  expect(lstat(`${at}/f`)).toMatchObject(times);
});

test.skipIf(native === undefined)('times of an open file, one of them kept', () => {
  const at = temporaryDirectory();
  writeFileSync(`${at}/f`, '');
  const before = lstat(`${at}/f`);
  const fd = openSync(`${at}/f`, 'r+');
  native?.futimens(fd, { ...times, atimeNs: UTIME_OMIT });
  closeSync(fd);
  expect(lstat(`${at}/f`)).toMatchObject({
    mtime: times.mtime,
    mtimeNs: times.mtimeNs,
    atime: before?.atime,
    atimeNs: before?.atimeNs,
  });
});

test.skipIf(native === undefined)('errors look like those of Node', () => {
  let error: unknown;
  try {
    native?.utimensat('/nonexistent/\xff', times, false);
  } catch (thrown) {
    error = thrown;
  }
  expect(errnoCode(error)).toBe('ENOENT');
  expect(errnoText(error)).toBe('No such file or directory (2)');
});

test('importing the package loads nothing native and prints nothing', () => {
  const script = `
    await import(${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)});
    const { createRequire } = await import('node:module');
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    if (loaded.some((path) => path.includes('koffi'))) throw new Error('koffi was loaded');
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  expect(output).toBe('');
});
