import { execFileSync } from 'node:child_process';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { openNativeStat } from '../src/native-stat.ts';
import { lstat, stat } from '../src/stat.ts';
import { temporaryDirectory } from './temporary-directory.ts';

function hasKoffi(): boolean {
  try {
    createRequire(import.meta.url)('koffi');
    return true;
  } catch {
    return false;
  }
}

// Elsewhere there is no statx(2), or no way to call it.
const canCall = process.platform === 'linux' && hasKoffi();

test.skipIf(!canCall)('says what Node says, field by field', () => {
  const at = temporaryDirectory();
  const look = openNativeStat()!;
  writeFileSync(`${at}/file`, 'four');
  linkSync(`${at}/file`, `${at}/second`);
  utimesSync(`${at}/file`, -5.25, 1_700_000_000.123_456);
  mkdirSync(`${at}/directory`, { mode: 0o2751 });
  symlinkSync('file', `${at}/link`);
  execFileSync('mkfifo', [`${at}/fifo`]);
  writeFileSync(`${at}/large`, '');
  truncateSync(`${at}/large`, 5_000_000_000);
  const names = ['file', 'second', 'directory', 'link', 'fifo', 'large'].map(
    (name) => `${at}/${name}`,
  );
  for (const path of [...names, '/', '/dev/null', '/proc/self/status', at]) {
    expect(look(path, false), path).toEqual(lstat(path));
    expect(look(path, true), path).toEqual(stat(path));
    expect(look(path, false)?.ino, path).toBe(lstatSync(path, { bigint: true }).ino);
    expect(look(path, true)?.dev, path).toBe(statSync(path, { bigint: true }).dev);
  }
});

test.skipIf(!canCall)(
  'what is missing is undefined, what fails has an error like those of Node',
  () => {
    const at = temporaryDirectory();
    const look = openNativeStat()!;
    writeFileSync(`${at}/file`, '');
    symlinkSync('nowhere', `${at}/broken`);
    symlinkSync('loop', `${at}/loop`);
    expect(look(`${at}/none`, false)).toBeUndefined();
    expect(look(`${at}/file/inside`, false)).toBeUndefined();
    expect(look(`${at}/broken`, true)).toBeUndefined();
    expect(() => look(`${at}/loop`, true)).toThrow(
      expect.objectContaining({ code: 'ELOOP', syscall: 'stat' }),
    );
    expect(() => look(`${at}/${'n'.repeat(256)}`, false)).toThrow(
      expect.objectContaining({ code: 'ENAMETOOLONG', syscall: 'lstat' }),
    );
  },
);

test('after many looks names that are not ASCII are still seen, and a NUL is refused', () => {
  const at = temporaryDirectory();
  const name = Buffer.from('n\u00e4me').toString('latin1');
  writeFileSync(Buffer.from(`${at}/${name}`, 'latin1'), 'x');
  for (let i = 0; i < 2500; i++) lstat(at);
  expect(lstat(`${at}/${name}`)?.size).toBe(1);
  expect(lstat(at)).toEqual(stat(at));
  expect(() => lstat(`${at}\0/${name}`)).toThrow(
    expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }),
  );
});
