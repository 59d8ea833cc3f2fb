import { closeSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errnoCode, platformSupport, xattrCalls } from '../src/index.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const calls = xattrCalls();
const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'latin1'));

test('Linux with koffi has them', () => {
  expect(platformSupport.xattrs()).toBe(calls !== undefined);
  if (process.platform === 'linux') expect(calls).toBeDefined();
});

test.skipIf(calls === undefined)('attributes by path and by descriptor', () => {
  const path = `${temporaryDirectory()}/name \xff`;
  const file = Buffer.from(path, 'latin1');
  writeFileSync(file, '');
  const fd = openSync(file, 'r+');
  for (const target of [path, fd]) {
    calls?.set(target, 'user.empty', text(''));
    calls?.set(target, 'user.\xfe', text('\0\xff'));
    expect(calls?.list(target).sort()).toEqual(['user.empty', 'user.\xfe']);
    expect(calls?.get(target, 'user.empty')).toEqual(text(''));
    expect(calls?.get(target, 'user.\xfe')).toEqual(text('\0\xff'));
    expect(calls?.get(target, 'user.none')).toBeUndefined();
    calls?.remove(target, 'user.empty');
    calls?.remove(target, 'user.\xfe');
    expect(calls?.list(target)).toEqual([]);
  }
  closeSync(fd);
});

test.skipIf(calls === undefined)('what is read belongs to the caller', () => {
  const path = `${temporaryDirectory()}/f`;
  writeFileSync(path, '');
  calls?.set(path, 'user.a', text('a'.repeat(2000)));
  calls?.set(path, 'user.b', text('b'));
  const a = calls?.get(path, 'user.a');
  calls?.get(path, 'user.b');
  expect(a).toEqual(text('a'.repeat(2000)));
});

test.skipIf(calls === undefined)(
  'a link is not followed, and errors look like those of Node',
  () => {
    const at = temporaryDirectory();
    writeFileSync(`${at}/f`, '');
    symlinkSync('f', `${at}/l`);
    calls?.set(`${at}/f`, 'user.a', text('a'));
    expect(calls?.list(`${at}/l`)).toEqual([]);
    const failing = [
      () => calls?.list(`${at}/none`),
      () => calls?.set(`${at}/l`, 'user.a', text('a')),
      () => calls?.remove(`${at}/f`, 'user.b'),
    ];
    const codes = failing.map((call) => {
      try {
        call();
        return undefined;
      } catch (error) {
        return errnoCode(error);
      }
    });
    expect(codes).toEqual(['ENOENT', 'EPERM', 'ENODATA']);
  },
);
