import { expect, test } from 'vitest';
import { localPath, localPathOfName } from '../src/source-root.ts';
import { entry } from './entries.ts';

test('names are below the prefix of their root', () => {
  expect(localPath({ prefix: '' }, entry('a/b'))).toBe('a/b');
  expect(localPath({ prefix: 'src/' }, entry('a/b'))).toBe('src/a/b');
  expect(localPath({ prefix: '' }, entry('./'))).toBe('.');
  expect(localPath({ prefix: 'src/' }, entry('./'))).toBe('src/');
});

test('absolute names of relative arguments stand alone', () => {
  expect(localPathOfName({ prefix: '' }, '/etc/x')).toBe('/etc/x');
});
