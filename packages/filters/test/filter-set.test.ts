import { expect, test } from 'vitest';
import { createFilter, type FilterScope, parseDirectives } from '../src/index.ts';

/** A scope for rule texts over a tree of merge files. */
function scopeOf(
  rules: string[],
  files: Record<string, string>,
  o: { rootPath?: string; side?: 'sender' | 'receiver'; from0?: boolean } = {},
): FilterScope {
  const { rootPath = '/w/s', side = 'sender', from0 } = o;
  const resolve = (path: string) => new URL(path, `file://${rootPath}/`).pathname;
  return createFilter(
    parseDirectives(
      rules.map((text) => ({ kind: 'filter', text })),
      { readFile: () => undefined },
    ),
    {
      side,
      deleteExcluded: false,
      rootPath,
      from0,
      readMergeFile: (path) => {
        const text = files[resolve(path)];
        return text === undefined ? undefined : new TextEncoder().encode(text);
      },
    },
  );
}

/** Which of the files a, b, c are excluded in a directory. */
function excluded(scope: FilterScope, directory: string): string {
  const inside = scope.enter(directory);
  const prefix = directory === '' ? '' : `${directory}/`;
  return [...'abc'].filter((name) => inside.decide(prefix + name, false) === 'exclude').join('');
}

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
