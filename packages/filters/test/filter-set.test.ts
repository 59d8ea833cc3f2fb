import { expect, test } from 'vitest';
import { excluded, scopeOf } from './scopes.ts';

test('without merge rules every directory shares one scope', () => {
  const scope = scopeOf(['- a'], {});
  expect(scope.enter('d')).toBe(scope);
  expect(scope.hasMergeRules).toBe(false);
  expect(scope.empty).toBe(false);
  expect(scopeOf([], {}).empty).toBe(true);
});

test('the root is never excluded', () => {
  const scope = scopeOf(['- *'], {});
  expect(scope.decide('.', true)).toBeUndefined();
  expect(scope.decide('', true)).toBeUndefined();
});

test('rules of the other side are not applied', () => {
  for (const side of ['sender', 'receiver'] as const) {
    const scope = scopeOf(['-s a', '-r b', '-sr c'], {}, { side });
    expect(excluded(scope, '')).toBe(side === 'sender' ? 'ac' : 'bc');
  }
  expect(excluded(scopeOf([':s .r'], { '/w/s/.r': '- a' }, { side: 'receiver' }), '')).toBe('');
});

test('perishable rules can be ignored', () => {
  const scope = scopeOf(['-p a', '- b'], {});
  expect(scope.decide('a', false)).toBe('exclude');
  expect(scope.decide('a', false, { ignorePerishable: true })).toBeUndefined();
  expect(scope.decide('b', false, { ignorePerishable: true })).toBe('exclude');
});
