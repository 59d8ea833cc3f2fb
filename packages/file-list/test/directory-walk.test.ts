import { expect, test } from 'vitest';
import { DirectoryWalk } from '../src/directory-walk.ts';
import type { DirectoryNode } from '../src/list-builder.ts';
import { entry } from './entries.ts';

function nodes(...names: string[]): DirectoryNode[] {
  return names.map((name) => ({
    entry: entry(`${name}/`),
    root: { prefix: '' },
    scope: undefined,
    device: undefined,
    pending: undefined,
    d: -1,
  }));
}

const taken = (walk: DirectoryWalk): string[] => walk.take().map((node) => node.entry.name);

test('children come before siblings, namesakes together', () => {
  const walk = new DirectoryWalk();
  walk.push(nodes('a', 'b', 'b', 'c'));
  expect(taken(walk)).toEqual(['a']);
  walk.push(nodes('a/x', 'a/y'));
  expect(taken(walk)).toEqual(['a/x']);
  walk.push([]);
  expect(taken(walk)).toEqual(['a/y']);
  expect(taken(walk)).toEqual(['b', 'b']);
  expect(walk.hasMore).toBe(true);
  expect(taken(walk)).toEqual(['c']);
  expect(walk.hasMore).toBe(false);
  expect(taken(walk)).toEqual([]);
});
