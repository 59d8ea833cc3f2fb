import {
  chmodSync,
  closeSync,
  openSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { expect, test, vi } from 'vitest';
import {
  AttributeChange,
  applyAttributes,
  applyAttributesToOpenFile,
  setMode,
  setTimes,
} from '../src/attributes.ts';
import { errnoCode } from '../src/errno.ts';
import type { FileStat } from '../src/file-stat.ts';
import { isRoot } from '../src/privileges.ts';
import { lstat } from '../src/stat.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const fail = (part: string, error: unknown): never => {
  throw new Error(`cannot set ${part}`, { cause: error });
};

function existing(path: string): FileStat {
  const found = lstat(path);
  if (!found) throw new Error(`no ${path}`);
  return found;
}

test('sets only what differs and says what that was', () => {
  const at = temporaryDirectory();
  writeFileSync(`${at}/f`, '', { mode: 0o600 });
  const wanted = { mode: 0o100644, mtime: 1_500_000_000, mtimeNs: 999_999_999 };
  const current = existing(`${at}/f`);
  expect(applyAttributes(`${at}/f`, wanted, current, fail)).toBe(
    AttributeChange.TIMES | AttributeChange.MODE,
  );
  const after = existing(`${at}/f`);
  expect(after).toMatchObject(wanted);
  expect(after).toMatchObject({ atime: current.atime, atimeNs: current.atimeNs });
  expect(applyAttributes(`${at}/f`, wanted, after, fail)).toBe(0);
});

test.skipIf(!isRoot())('set-id bits survive a change of owner', () => {
  const at = temporaryDirectory();
  writeFileSync(`${at}/f`, '');
  chmodSync(`${at}/f`, 0o4755);
  const wanted = { mode: 0o4755, uid: 12, gid: 34 };
  const changed = applyAttributes(`${at}/f`, wanted, existing(`${at}/f`), fail);
  expect(changed).toBe(AttributeChange.OWNER | AttributeChange.GROUP | AttributeChange.MODE);
  expect(existing(`${at}/f`)).toMatchObject({ mode: 0o104755, uid: 12, gid: 34 });
});

test('a symlink itself is changed, its mode is not', () => {
  const at = temporaryDirectory();
  writeFileSync(`${at}/f`, '', { mode: 0o600 });
  symlinkSync('f', `${at}/l`);
  const before = existing(`${at}/f`);
  const wanted = { mode: 0o777, mtime: 1_500_000_000, mtimeNs: 5 };
  const changed = applyAttributes(`${at}/l`, wanted, existing(`${at}/l`), fail);
  expect(changed).toBe(AttributeChange.TIMES);
  expect(existing(`${at}/l`)).toMatchObject({ mtime: 1_500_000_000 });
  expect(existing(`${at}/f`)).toEqual(before);
});

test('works on an open file', () => {
  const at = temporaryDirectory();
  writeFileSync(`${at}/f`, '', { mode: 0o600 });
  const fd = openSync(`${at}/f`, 'r+');
  const wanted = { mode: 0o640, mtime: 0, mtimeNs: 0, atime: 10, atimeNs: 20 };
  applyAttributesToOpenFile(fd, wanted, existing(`${at}/f`), fail);
  closeSync(fd);
  expect(existing(`${at}/f`)).toMatchObject({ ...wanted, mode: 0o100640 });
});

test('a failure is reported; behind one to set the owner or times nothing is tried', () => {
  const at = temporaryDirectory();
  writeFileSync(`${at}/f`, '');
  const current = existing(`${at}/f`);
  const parts: string[] = [];
  const report = (part: string, error: unknown): void => {
    parts.push(`${part} ${errnoCode(error)}`);
  };
  const wanted = { mode: 0o4777, mtime: 1 };
  applyAttributes(`${at}/gone`, wanted, current, report);
  applyAttributes(`${at}/gone`, { ...wanted, gid: current.gid + 1 }, current, report);
  applyAttributes(`${at}/gone`, { mode: 0o4777 }, current, report);
  expect(parts).toEqual(['times ENOENT', 'group ENOENT', 'mode ENOENT']);
});

test.runIf(process.platform === 'linux')('setMode does not follow a planted symlink', () => {
  const at = temporaryDirectory();
  writeFileSync(`${at}/f`, '', { mode: 0o600 });
  symlinkSync('f', `${at}/l`);
  expect(() => setMode(`${at}/l`, 0o666)).toThrow();
  expect(existing(`${at}/f`).mode).toBe(0o100600);
  chmodSync(`${at}/f`, 0);
  setMode(`${at}/f`, 0o644);
  expect(readFileSync(`${at}/f`, 'utf8')).toBe('');
});

test('without native calls times are floored and never reach the next second', async () => {
  vi.resetModules();
  vi.doMock('../src/native.ts', () => ({ nativeCalls: () => undefined, UTIME_OMIT: 0x3ffffffe }));
  const { applyAttributes, setTimes } = await import('../src/attributes.ts');
  vi.doUnmock('../src/native.ts');
  const at = temporaryDirectory();
  writeFileSync(`${at}/f`, '');
  utimesSync(`${at}/f`, 1000, 2000);
  for (const mtime of [1_700_000_000, 4_000_000_000, 1]) {
    const wanted = { mtime, mtimeNs: 999_999_999 };
    applyAttributes(`${at}/f`, wanted, existing(`${at}/f`), fail);
    const { mtime: seconds, mtimeNs, atime } = existing(`${at}/f`);
    expect(seconds).toBe(mtime);
    expect(mtimeNs).toBeGreaterThan(999_990_000);
    expect(atime).toBe(1000);
  }
  setTimes(`${at}/f`, { mtime: -10, mtimeNs: 500_000_000, atime: 5, atimeNs: 0 });
  expect(existing(`${at}/f`)).toMatchObject({ mtime: -10, mtimeNs: 500_000_000, atime: 5 });
});

test('setTimes can follow a link', () => {
  const at = temporaryDirectory();
  writeFileSync(`${at}/f`, '');
  symlinkSync('f', `${at}/l`);
  setTimes(`${at}/l`, { mtime: 77, mtimeNs: 0 }, { followLink: true });
  expect(existing(`${at}/f`).mtime).toBe(77);
});
