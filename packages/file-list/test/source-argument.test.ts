import { RsyncError } from '@deltawire/protocol';
import { expect, test } from 'vitest';
import {
  parsePlainArgument,
  parseRelativeArgument,
  sanitizeListedName,
  sourceArguments,
} from '../src/source-argument.ts';

test.each([
  ['a', '', 'a', false],
  ['x/a', 'x/', 'a', false],
  ['/a', '/', 'a', false],
  ['/', '/', '.', true],
  ['', '', '.', true],
  ['.', '', '.', true],
  ['./', '', '.', true],
  ['a/', 'a/', '.', true],
  ['a//b///', 'a/b/', '.', true],
  ['a/.', 'a/', '.', true],
  ['./a/./.', 'a/', '.', true],
  ['..', '../', '.', true],
  ['a/..', 'a/../', '.', true],
  ['./x', '', 'x', false],
  ['a.', '', 'a.', false],
])('%s without --relative', (argument, prefix, name, contents) => {
  expect(parsePlainArgument(argument)).toEqual({ prefix, name, contents, impliesRoot: false });
});

test.each([
  ['a/b', '', 'a/b', false, false],
  ['a//b/', '', 'a/b', true, false],
  ['./a/b', '', 'a/b', false, true],
  ['x/y/./a/b', 'x/y/', 'a/b', false, false],
  ['x/././a', 'x/', 'a', false, true],
  ['x/./', 'x/', '.', true, false],
  ['.', '', '.', true, false],
  ['/tmp/f', '', '/tmp/f', false, false],
  ['/tmp/./f', '/tmp/', 'f', false, false],
  ['/', '', '/.', true, false],
  ['a/.', '', 'a', true, false],
])('%s with --relative', (argument, prefix, name, contents, impliesRoot) => {
  expect(parseRelativeArgument(argument)).toEqual({ prefix, name, contents, impliesRoot });
});

test('.. is refused in the active part only', () => {
  expect(parseRelativeArgument('a/../b')).toBeUndefined();
  expect(parseRelativeArgument('a/./../b')).toBeUndefined();
  expect(parseRelativeArgument('../a/./b')?.prefix).toBe('../a/');
  const options = { args: ['d/../a'], relative: true };
  expect(() => [...sourceArguments(options)]).toThrow(RsyncError);
  expect(() => [...sourceArguments(options)]).toThrow('found ".." dir in relative path: d/../a');
});

test.each([
  ['a/b', 'a/b'],
  ['/a', 'a'],
  ['../../a', 'a'],
  ['a/../../b', 'b'],
  ['d/h/..', 'd/'],
  ['a//b/', 'a/b/'],
  ['./a', './a'],
  ['..', '.'],
  ['/', '.'],
  ['a/./b', 'a/./b'],
])('listed name %s cannot lead out', (name, sanitized) => {
  expect(sanitizeListedName(name)).toBe(sanitized);
});

test('listed names are below the first argument', () => {
  const options = { args: ['src'], filesFrom: ['a/b', '', '/c'], relative: true };
  expect(Array.from(sourceArguments(options), ({ prefix, name }) => prefix + name)).toEqual([
    'src/a/b',
    'src/c',
  ]);
  const plain = { ...options, relative: false };
  expect(Array.from(sourceArguments(plain), ({ name }) => name)).toEqual(['b', 'c']);
});
