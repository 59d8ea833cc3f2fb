import { expect, test } from 'vitest';
import { parseFilesFrom } from '../src/index.ts';

test.for([
  ['-', { kind: 'stdin' }],
  ['list', { kind: 'local', path: 'list' }],
  ['./a:b', { kind: 'local', path: './a:b' }],
  ['/a:b', { kind: 'local', path: '/a:b' }],
  [':list', { kind: 'remote', host: '', path: 'list' }],
  ['h:dir/list', { kind: 'remote', host: 'h', path: 'dir/list' }],
] as const)('parseFilesFrom(%j)', ([text, expected]) => {
  expect(parseFilesFrom(text)).toEqual(expected);
});
