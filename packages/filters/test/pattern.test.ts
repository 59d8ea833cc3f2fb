import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createFilter, parseDirectives } from '../src/index.ts';
import { CompiledRule } from '../src/pattern.ts';
import { createRule } from '../src/rule.ts';

const patterns: { tree: string[]; patterns: { pattern: string; match: string[] }[] } = JSON.parse(
  readFileSync(new URL('../../testkit/vectors/filter-patterns.json', import.meta.url), 'utf8'),
);

test.each(patterns.patterns)('pattern $pattern', ({ pattern, match }) => {
  const rules = parseDirectives([{ kind: 'filter', text: `+ ${pattern}` }], {
    readFile: () => undefined,
  });
  const scope = createFilter(rules, {
    side: 'sender',
    deleteExcluded: false,
    readMergeFile: () => undefined,
    rootPath: '/tree',
  });
  const matched = patterns.tree.filter((entry) => {
    const isDirectory = entry.endsWith('/');
    return scope.decide(isDirectory ? entry.slice(0, -1) : entry, isDirectory) !== undefined;
  });
  expect(matched).toEqual(match);
});

test('a negated directory-only rule applies to every file', () => {
  const rule = createRule('exclude', 'd', { negated: true, directoryOnly: true });
  const compiled = new CompiledRule(rule, '');
  expect(compiled.applies('d', 0, true)).toBe(false);
  expect(compiled.applies('e', 0, true)).toBe(true);
  expect(compiled.applies('d', 0, false)).toBe(true);
});

test('an absolute rule has the root in front', () => {
  const applies = (pattern: string) =>
    new CompiledRule(createRule('exclude', pattern, { absolute: true }), 'srv/data/').applies(
      'd/f',
      2,
      false,
    );
  expect(['/srv/data/d/f', 'data/d/f', '/srv/*/d/f', 'f', '**/d/f'].map(applies)).toEqual(
    Array(5).fill(true),
  );
  expect(['/d/f', 'ata/d/f', '/srv/*'].map(applies)).toEqual(Array(3).fill(false));
});
