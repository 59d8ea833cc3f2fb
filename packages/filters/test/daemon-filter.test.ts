import { expect, test } from 'vitest';
import { createDaemonFilter, type DaemonFilterParameters } from '../src/index.ts';

const tree = [
  ...['a', 'b.o', 'foo bar', 'sub/', 'sub/x', 'sub/y.o', 'd/', 'd/sub/', 'd/sub/x', 'd/sub/z'],
  ...['d/e/', 'd/e/b.o', 'top/', 'top/f', 'q/', 'q/top/', 'q/top/f'],
];
const files: Record<string, string> = { ex: '- *.o\n+ x\nsub/y.o\n', in: 'b.o\n- a\n' };

/** What the module hides; each row was seen with a daemon of rsync 3.5.0. */
test.each<[DaemonFilterParameters, string[]]>([
  [{ exclude: 'sub/x' }, ['sub/x', 'd/sub/x']],
  [{ exclude: '/sub/x' }, ['sub/x']],
  [{ exclude: 'sub/' }, ['sub/', 'sub/x', 'sub/y.o', 'd/sub/', 'd/sub/x', 'd/sub/z']],
  [{ exclude: '+ b.o - *.o' }, ['sub/y.o']],
  [{ include: 'b.o', exclude: '*.o' }, ['sub/y.o']],
  [{ filter: '+ b.o - *.o' }, ['sub/y.o']],
  [{ filter: '-_*.o' }, ['b.o', 'sub/y.o', 'd/e/b.o']],
  [{ filter: 'exclude,p *.o' }, ['b.o', 'sub/y.o', 'd/e/b.o']],
  [{ filter: '- *.o !' }, []],
  [{ exclude: 'a ! b.o' }, ['b.o', 'd/e/b.o']],
  [{ exclude: '/top/ +' }, ['top/', 'top/f']],
  [{ exclude: '"foo bar"' }, []],
  [{ filter: '-s *.o' }, []],
  [{ filter: '-r *.o' }, ['b.o', 'sub/y.o', 'd/e/b.o']],
  [{ filter: 'P a H b.o' }, ['a']],
  [{ filter: ': .r' }, []],
  [{ excludeFrom: 'ex' }, ['b.o', 'sub/y.o', 'd/e/b.o']],
  [{ includeFrom: 'in', exclude: '*.o a' }, ['a', 'sub/y.o']],
])('%j', (parameters, hidden) => {
  const filter = createDaemonFilter(parameters, (path) =>
    path in files ? new TextEncoder().encode(files[path]) : undefined,
  );
  expect(tree.filter((e) => filter.excluded(e.replace(/\/$/, ''), e.endsWith('/')))).toEqual(
    hidden,
  );
});

test('without parameters nothing is hidden', () => {
  expect(createDaemonFilter({}, () => undefined).empty).toBe(true);
});

test('malformed parameters throw', () => {
  expect(() => createDaemonFilter({ filter: 'q' }, () => undefined)).toThrow('Unknown filter rule');
  expect(() => createDaemonFilter({ excludeFrom: 'none' }, () => undefined)).toThrow('none');
});
