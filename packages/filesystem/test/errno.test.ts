import { openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errnoCode, errnoText, systemError } from '../src/errno.ts';

function caught(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

test('prints what strerror prints, with the number', () => {
  const error = caught(() => openSync('/nonexistent/file', 'r'));
  expect(errnoText(error)).toBe('No such file or directory (2)');
  expect(errnoCode(error)).toBe('ENOENT');
});

test('errors that are not from the system give their message', () => {
  expect(errnoText(new Error('boom'))).toBe('boom');
  expect(errnoText('text')).toBe('text');
  expect(errnoCode(undefined)).toBeUndefined();
});

test('native errors have the shape of Node errors', () => {
  const error = systemError(1, 'mknod', '/x');
  expect(error).toMatchObject({ errno: -1, code: 'EPERM', syscall: 'mknod', path: '/x' });
  expect(errnoText(error)).toBe('Operation not permitted (1)');
});
