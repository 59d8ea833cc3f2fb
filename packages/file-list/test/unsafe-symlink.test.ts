import { expect, test } from 'vitest';
import { isUnsafeSymlink } from '../src/unsafe-symlink.ts';

// Target, then whether it is unsafe for the links `l`, `d/l` and `d/e/l`: from rsync 3.5.0 --safe-links.
test.each([
  ['a', false, false, false],
  ['../a', true, false, false],
  ['../../a', true, true, false],
  ['/a', true, true, true],
  ['', true, true, true],
  ['a/..', true, true, true],
  ['a/../b', true, true, true],
  ['..', true, false, false],
  ['./../a', true, true, true],
  ['..//../x', true, true, false],
  ['..//x', true, false, false],
  ['.', false, false, false],
  ['...', false, false, false],
  ['..a', false, false, false],
])('%s', (target, ...unsafe) => {
  expect(['l', 'd/l', 'd/e/l'].map((link) => isUnsafeSymlink(target, link))).toEqual(unsafe);
});
