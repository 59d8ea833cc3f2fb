import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { setMode, setOwner } from '../src/attributes.ts';
import { newFileStat } from '../src/new-file-stat.ts';
import { TemporaryFile } from '../src/temporary-file.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test('one look speaks for the files made in a directory, until some path is given another mode', () => {
  const at = temporaryDirectory();
  const first = openSync(`${at}/a`, 'wx', 0o600);
  const second = openSync(`${at}/b`, 'wx', 0o600);
  chmodSync(`${at}/b`, 0o640);
  expect(newFileStat(first, at, 0o600).mode).toBe(0o100600);
  expect(newFileStat(second, at, 0o600).mode).toBe(0o100600);
  setMode(at, 0o755);
  expect(newFileStat(second, at, 0o600).mode).toBe(0o100640);
  for (const fd of [first, second]) closeSync(fd);
});

test('each directory and each mode is looked at for itself', () => {
  const at = temporaryDirectory();
  mkdirSync(`${at}/d`);
  const one = openSync(`${at}/a`, 'wx', 0o600);
  const other = openSync(`${at}/d/b`, 'wx', 0o700);
  expect(newFileStat(one, at, 0o600).mode).toBe(0o100600);
  expect(newFileStat(other, `${at}/d`, 0o700).mode).toBe(0o100700);
  for (const fd of [one, other]) closeSync(fd);
});

test.runIf(process.getuid?.() === 0)('a set-group-id directory is noticed', () => {
  const at = temporaryDirectory();
  const fail = (part: string, error: unknown): never => {
    throw new Error(`cannot set ${part}`, { cause: error });
  };
  const write = (name: string): number => {
    using file = TemporaryFile.create(`${at}/${name}`);
    file.apply({ mode: 0o644, gid: 0 }, fail);
    const { gid } = file.stat();
    file.commit();
    return gid;
  };
  expect(write('before')).toBe(0);
  setOwner(at, -1, 4242);
  setMode(at, 0o2755);
  expect(write('after')).toBe(0);
});
