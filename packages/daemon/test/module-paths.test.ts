import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clipOptionPath, clipToModule, splitModulePaths } from '../src/module-paths.ts';

describe('clipToModule()', () => {
  test.each([
    ['', '.'],
    ['.', '.'],
    ['/', './'],
    ['dir', 'dir'],
    ['/dir/f', 'dir/f'],
    ['dir/', 'dir/'],
    ['dir/.', 'dir/'],
    ['a//b/./c', 'a/b/c'],
    ['../../etc/zz', 'etc/zz'],
    ['a/../../b', 'b'],
    ['a/..', './'],
    ['..', './'],
    ['...', '...'],
    ['a/..b', 'a/..b'],
    ['*.txt', '*.txt'],
  ])('%s becomes %s', (path, clipped) => {
    expect(clipToModule(path)).toBe(clipped);
  });

  test('--relative keeps the dot that marks the base', () => {
    expect(clipToModule('/a/./b', true)).toBe('a/./b');
    expect(clipToModule('a/./../../b', true)).toBe('b');
    expect(clipToModule('./a', true)).toBe('a');
  });

  test('nothing climbs out', () => {
    const part = fc.constantFrom('..', '.', '', 'a', 'b', '...', '*');
    fc.assert(
      fc.property(fc.array(part), fc.boolean(), (parts, keep) => {
        const clipped = clipToModule(parts.join('/'), keep);
        expect(clipped.startsWith('/')).toBe(false);
        expect(clipped.split('/')).not.toContain('..');
        expect(clipToModule(clipped, keep)).toBe(clipped);
      }),
    );
  });
});

test('option paths start at the root of the module', () => {
  expect(clipOptionPath('/x/')).toBe('x');
  expect(clipOptionPath('../nope')).toBe('nope');
  expect(clipOptionPath('/')).toBe('.');
});

test('the module name goes, and old clients joined their paths', () => {
  expect(splitModulePaths('pub/', 'pub', false)).toEqual(['/']);
  expect(splitModulePaths('pub', 'pub', false)).toEqual(['']);
  expect(splitModulePaths('pub/a pub/b', 'pub', false)).toEqual(['/a', 'b']);
  expect(splitModulePaths('pub/a pub/b', 'pub', true)).toEqual(['/a pub/b']);
  expect(splitModulePaths('other/a', 'pub', false)).toEqual(['other/a']);
});
