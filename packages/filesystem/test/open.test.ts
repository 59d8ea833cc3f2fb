import { readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errnoCode } from '../src/errno.ts';
import {
  closeFile,
  openForReading,
  openForWriting,
  readAt,
  truncateFile,
  writeAt,
} from '../src/open.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test('reads at any position, short at the end', () => {
  const at = temporaryDirectory();
  writeFileSync(`${at}/f`, 'abcdef');
  const fd = openForReading(`${at}/f`);
  const read = readAt(fd);
  const target = new Uint8Array(4);
  expect(read(target, 1)).toBe(4);
  expect(Buffer.from(target).toString()).toBe('bcde');
  expect(read(target, 4)).toBe(2);
  expect(read(target, 6)).toBe(0);
  closeFile(fd);
});

test('writes in place and truncates', () => {
  const at = temporaryDirectory();
  writeFileSync(`${at}/f`, 'abcdef');
  const fd = openForWriting(`${at}/f`);
  writeAt(fd, Buffer.from('XY'), 2);
  truncateFile(fd, 5);
  closeFile(fd);
  expect(readFileSync(`${at}/f`, 'utf8')).toBe('abXYe');
});

test('a symlink in place of the file is refused', () => {
  const at = temporaryDirectory();
  writeFileSync(`${at}/target`, 'secret');
  symlinkSync('target', `${at}/l`);
  for (const open of [
    () => openForReading(`${at}/l`, { followLink: false }),
    () => openForWriting(`${at}/l`),
  ]) {
    let code: string | undefined;
    try {
      open();
    } catch (error) {
      code = errnoCode(error);
    }
    expect(code).toBe('ELOOP');
  }
});

test.runIf(process.platform === 'linux')('noAtime leaves the access time alone', () => {
  const path = `${temporaryDirectory()}/read`;
  writeFileSync(path, 'content');
  utimesSync(path, 1000, 1_500_000_000);
  const fd = openForReading(path, { noAtime: true });
  expect(readAt(fd)(new Uint8Array(4), 0)).toBe(4);
  closeFile(fd);
  expect(statSync(path).atimeMs).toBe(1_000_000);
});
