import { expect, test } from 'vitest';
import { createNode, makeNodeByProgram } from '../src/devices.ts';
import { errnoCode } from '../src/errno.ts';
import { nativeCalls } from '../src/native.ts';
import { isRoot } from '../src/privileges.ts';
import { lstat } from '../src/stat.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test('makes a fifo, also in place of a file', () => {
  const at = temporaryDirectory();
  createNode(`${at}/p`, { type: 'fifo', mode: 0o600 });
  expect(lstat(`${at}/p`)).toMatchObject({ type: 'fifo', mode: 0o010600 });
  createNode(`${at}/p`, { type: 'fifo', mode: 0o640 }, { replace: true });
  expect(lstat(`${at}/p`)?.mode).toBe(0o010640);
});

test.skipIf(nativeCalls() === undefined)('makes a socket with native calls', () => {
  const at = temporaryDirectory();
  createNode(`${at}/s`, { type: 'socket', mode: 0o600 });
  expect(lstat(`${at}/s`)?.type).toBe('socket');
});

test('devices need root', () => {
  const at = temporaryDirectory();
  const device = { type: 'block', mode: 0o600, rdevMajor: 300, rdevMinor: 70_000 } as const;
  try {
    createNode(`${at}/b`, device);
  } catch (error) {
    // A container may refuse devices even to root.
    expect(errnoCode(error)).toBe('EPERM');
    return;
  }
  expect(isRoot()).toBe(true);
  expect(lstat(`${at}/b`)).toMatchObject({ type: 'block', rdevMajor: 300, rdevMinor: 70_000 });
});

test('programs stand in for native calls, for any name', () => {
  const at = temporaryDirectory();
  makeNodeByProgram(`${at}/plain`, { type: 'fifo', mode: 0o600 });
  makeNodeByProgram(`${at}/\xff %s\\n`, { type: 'fifo', mode: 0o600 });
  expect(lstat(`${at}/plain`)?.type).toBe('fifo');
  expect(lstat(`${at}/\xff %s\\n`)?.type).toBe('fifo');
  expect(() => makeNodeByProgram(`${at}/s`, { type: 'socket', mode: 0o600 })).toThrow('ENOSYS');
});
