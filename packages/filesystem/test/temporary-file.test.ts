import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { lstat } from '../src/stat.ts';
import { removeLiveTemporaryFiles, TemporaryFile } from '../src/temporary-file.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const fail = (part: string, error: unknown): never => {
  throw new Error(`cannot set ${part}`, { cause: error });
};

test('the real name appears only with commit', () => {
  const at = temporaryDirectory();
  using file = TemporaryFile.create(`${at}/f`, { mode: 0o644 });
  expect(file.path.slice(at.length)).toMatch(/^\/\.f\.[A-Za-z0-9]{6}$/);
  expect(file.stat().mode).toBe(0o100600);
  file.write(Buffer.from('hello'), 0);
  file.apply({ mode: 0o644, mtime: 1_000_000_000, mtimeNs: 123_456_789 }, fail);
  expect(existsSync(`${at}/f`)).toBe(false);
  file.commit();
  expect(readFileSync(`${at}/f`, 'utf8')).toBe('hello');
  expect(lstat(`${at}/f`)).toMatchObject({ mode: 0o100644, mtime: 1_000_000_000 });
  expect(readdirSync(at)).toEqual(['f']);
});

test('without commit nothing is left', () => {
  const at = temporaryDirectory();
  {
    using file = TemporaryFile.create(`${at}/f`);
    file.write(Buffer.from('half'), 0);
  }
  expect(readdirSync(at)).toEqual([]);
});

test('a signal handler can remove what is being built', () => {
  const at = temporaryDirectory();
  const file = TemporaryFile.create(`${at}/f`);
  const done = TemporaryFile.create(`${at}/g`);
  done.commit();
  removeLiveTemporaryFiles();
  expect(readdirSync(at)).toEqual(['g']);
  file.discard();
});

test('commit can take another name', () => {
  const at = temporaryDirectory();
  const file = TemporaryFile.create(`${at}/f`);
  file.commit(`${at}/partial`);
  expect(readdirSync(at)).toEqual(['partial']);
});

test('a failed commit leaves it to be discarded', () => {
  const at = temporaryDirectory();
  const file = TemporaryFile.create(`${at}/f`);
  expect(() => file.commit(`${at}/no/such/place`)).toThrow('ENOENT');
  file.discard();
  expect(readdirSync(at)).toEqual([]);
});

const otherFileSystem =
  existsSync('/dev/shm') && statSync('/dev/shm').dev !== statSync('/tmp').dev ? '/dev/shm' : '';

test.skipIf(otherFileSystem === '')('a temporary directory elsewhere copies at commit', () => {
  const at = temporaryDirectory();
  const tempDir = mkdtempSync(`${otherFileSystem}/deltawire-`);
  onTestFinished(() => rmSync(tempDir, { recursive: true }));
  using file = TemporaryFile.create(`${at}/f`, { tempDir });
  expect(file.path.slice(tempDir.length)).toMatch(/^\/f\./);
  file.write(Buffer.from('hello'), 0);
  file.apply({ mode: 0o604, mtime: 1_000_000_000, mtimeNs: 5 }, fail);
  file.commit();
  expect(readFileSync(`${at}/f`, 'utf8')).toBe('hello');
  expect(lstat(`${at}/f`)).toMatchObject({ mode: 0o100604, mtime: 1_000_000_000 });
  expect(readdirSync(at)).toEqual(['f']);
  expect(readdirSync(tempDir)).toEqual([]);
});
