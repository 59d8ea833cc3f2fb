import { expect, test } from 'vitest';
import { createXattrFilter, parseDirectives } from '../src/index.ts';

const NAMES = ['user.short', 'user.long', 'trusted.t', 'system.x'];

function chosen(side: 'sender' | 'receiver', ...texts: string[]): string[] | undefined {
  const directives = texts.map((text) => ({ kind: 'filter', text }) as const);
  const rules = parseDirectives(directives, { readFile: () => undefined });
  const filter = createXattrFilter(rules, { side, deleteExcluded: false });
  return filter && NAMES.filter(filter);
}

test('without rules about attributes there is no filter', () => {
  expect(chosen('sender')).toBeUndefined();
  expect(chosen('sender', '- user.*')).toBeUndefined();
});

test.each([
  [['-x system.*'], ['user.short', 'user.long', 'trusted.t']],
  [['-x! user.*'], ['user.short', 'user.long']],
  [
    ['+x user.short', '-x user.*'],
    ['user.short', 'trusted.t', 'system.x'],
  ],
  [
    ['- user.short', '-x *.t'],
    ['user.short', 'user.long', 'system.x'],
  ],
])('%j', (texts, names) => {
  expect(chosen('sender', ...texts)).toEqual(names);
  expect(chosen('receiver', ...texts)).toEqual(names);
});

test('a rule of the other side only turns the namespaces off', () => {
  expect(chosen('sender', '-xr *')).toEqual(NAMES);
  expect(chosen('receiver', '-xr *')).toEqual([]);
  expect(chosen('receiver', '-xs *')).toEqual(NAMES);
});

test('rules in front of a clearing one do not count', () => {
  expect(chosen('sender', '-x *', '!', '-x *.t')).toEqual(['user.short', 'user.long', 'system.x']);
});
