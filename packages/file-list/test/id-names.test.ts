import { expect, test } from 'vitest';
import { IdNames } from '../src/id-names.ts';

test('tells every name once', () => {
  const names = new IdNames((id) => (id < 3 ? `user${id}` : undefined));
  expect([1, 0, 1, 5, 2, 5].map((id) => names.firstSight(id))).toEqual([
    'user1',
    'user0',
    undefined,
    undefined,
    'user2',
    undefined,
  ]);
  expect(names.list()).toEqual([
    { id: 2, name: 'user2' },
    { id: 1, name: 'user1' },
  ]);
  expect(names.nameOfZero).toBe('user0');
});

test('a name that does not fit on the wire counts as none', () => {
  const names = new IdNames(() => 'x'.repeat(256));
  expect(names.firstSight(1)).toBeUndefined();
  expect(names.list()).toEqual([]);
});
