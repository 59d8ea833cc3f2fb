import { expect, test } from 'vitest';
import { compareTrees, makeTree, type TreeSpec, temporaryDirectory } from '../src/index.ts';

function compare(a: TreeSpec, b: TreeSpec, ...ignore: Parameters<typeof compareTrees>[2][]) {
  using dir = temporaryDirectory();
  makeTree(dir.join('a'), a);
  makeTree(dir.join('b'), b);
  return compareTrees(dir.join('a'), dir.join('b'), ignore[0]);
}

test('equal trees have no differences', () => {
  const spec: TreeSpec = {
    'd/f': 'x',
    l: { link: 'd' },
    t: { hardLink: 'd/f' },
    p: { fifo: true },
  };
  expect(compare(spec, spec)).toEqual([]);
});

test('names each difference', () => {
  expect(
    compare(
      {
        one: '1',
        size: 'aa',
        text: 'ab',
        mode: { content: '', mode: 0o644 },
        l: { link: 'a' },
        k: '',
      },
      {
        two: '2',
        size: 'a',
        text: 'ac',
        mode: { content: '', mode: 0o600 },
        l: { link: 'b' },
        'k/': null,
      },
    ).sort(),
  ).toEqual([
    'k: file / directory',
    'l: target a / b',
    'mode: mode 644 / 600',
    'one: only in the first (file)',
    'size: size 2 / 1',
    'text: content differs',
    'two: only in the second (file)',
  ]);
});

test('times to the nanosecond, unless ignored', () => {
  const at = (mtime: string): TreeSpec => ({ f: { content: '', mtime } });
  const [a, b] = [at('5.000000001'), at('5.000000002')];
  expect(compare(a, b)).toEqual(['f: mtime 5000000001 / 5000000002']);
  expect(compare(a, b, { ignore: ['nanoseconds'] })).toEqual([]);
  expect(compare(a, at('6'), { ignore: ['mtime'] })).toEqual([]);
});

test('hard links', () => {
  expect(compare({ a: 'x', b: { hardLink: 'a' } }, { a: 'x', b: 'x' })).toEqual([
    'a: hard links a = b / alone',
    'b: hard links a = b / alone',
  ]);
});

test('exclude leaves out whole directories', () => {
  expect(compare({ 'x/y': '' }, {}, { exclude: (path) => path === 'x' })).toEqual([]);
});
