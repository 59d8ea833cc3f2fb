import { expect, test } from 'vitest';
import { ListBuilder } from '../src/list-builder.ts';
import { entry } from './entries.ts';

test('collects in sending order', () => {
  const builder = new ListBuilder(7);
  const root = { prefix: 'a/' };
  const directory = entry('d/');
  const node = {
    entry: directory,
    root,
    scope: undefined,
    device: undefined,
    pending: undefined,
    d: -1,
  };
  expect(builder.nextIndex).toBe(7);
  builder.add(entry('f'), root);
  builder.addDirectory(node);
  expect(builder.nextIndex).toBe(9);
  expect(builder.entries.map(({ name }) => name)).toEqual(['f', 'd']);
  expect(builder.nodeOf(directory)).toBe(node);
  expect(builder.commonRoots).toBe(root);
  builder.add(entry('g'), { prefix: 'b/' });
  expect(builder.commonRoots).toHaveLength(3);
});
