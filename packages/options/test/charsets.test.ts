import { expect, test } from 'vitest';
import { splitCharsets } from '../src/charsets.ts';

test.each([
  [undefined, undefined, undefined],
  ['utf8', 'utf8', 'utf8'],
  ['.', '.', '.'],
  ['utf8,latin1', 'utf8', 'latin1'],
  ['utf8,a,b', 'utf8', 'a,b'],
  [',latin1', '', 'latin1'],
  ['utf8,', 'utf8', ''],
])('%s', (iconv, local, remote) => {
  expect(splitCharsets(iconv)).toEqual({ local, remote });
});
