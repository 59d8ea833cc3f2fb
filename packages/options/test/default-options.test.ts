import { expect, test } from 'vitest';
import { defaultOptions, parseCommandLine } from '../src/index.ts';

test('a command line without options has the defaults', () => {
  const { options } = parseCommandLine(['a', 'b'], {});
  expect(options).toEqual({ ...defaultOptions(), args: ['a', 'b'] });
});

test('every call gives fresh lists', () => {
  defaultOptions().filters.push({ kind: 'cvs' });
  defaultOptions().info.name = 1;
  expect(defaultOptions()).toMatchObject({ filters: [], info: {} });
});
