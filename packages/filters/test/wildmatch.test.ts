import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileWild, matchWild, wildmatch } from '../src/wildmatch.ts';

const vectors: { cases: [pattern: string, text: string, matches: boolean][] } = JSON.parse(
  readFileSync(new URL('../../testkit/vectors/wildmatch.json', import.meta.url), 'utf8'),
);

test('agrees with the real rsync on every vector', () => {
  const wrong = vectors.cases.filter(([pattern, text, want]) => wildmatch(pattern, text) !== want);
  expect(wrong).toEqual([]);
});

/** Obviously right, exponentially slow: try every length for every star. */
function naive(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  const stars = /^\*+/.exec(pattern)?.[0].length ?? 0;
  if (stars > 0) {
    for (let n = 0; n <= text.length; n++) {
      if (stars === 1 && text.slice(0, n).includes('/')) return false;
      if (naive(pattern.slice(stars), text.slice(n))) return true;
    }
    return false;
  }
  if (text === '') return false;
  const one = pattern[0] === '?' ? text[0] !== '/' : pattern[0] === text[0];
  return one && naive(pattern.slice(1), text.slice(1));
}

test('stars agree with a naive matcher', () => {
  const piece = fc.constantFrom('a', 'b', '/', '*', '**', '?');
  const pattern = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
  const text = fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 9 }).map((s) => s.join(''));
  fc.assert(
    fc.property(pattern, text, (p, t) => wildmatch(p, t) === naive(p, t)),
    { numRuns: 2000 },
  );
});

test('the table method agrees with backtracking when the budget is exceeded', () => {
  // 70 × 70 restarts exceed the budget; the answers are known by construction.
  const text = 'a'.repeat(300);
  expect(wildmatch(`**${'a*'.repeat(60)}b`, text)).toBe(false);
  expect(wildmatch(`**${'a*'.repeat(60)}`, text)).toBe(true);
  expect(wildmatch(`**${'a*'.repeat(60)}b`, `${text}/${text}b`)).toBe(true);
  expect(wildmatch(`**${'[a-c]*?'.repeat(60)}/b`, `${text}/b`)).toBe(true);
});

test('hostile patterns stay fast', () => {
  const text = 'a'.repeat(4000);
  const begin = performance.now();
  expect(wildmatch(`${'*a'.repeat(500)}b`, text)).toBe(false);
  expect(wildmatch(`${'**a'.repeat(500)}b`, text)).toBe(false);
  expect(wildmatch(`**a*${'a'.repeat(2000)}b`, text)).toBe(false);
  expect(performance.now() - begin).toBeLessThan(3000);
});

test('a compiled pattern matches from an offset', () => {
  expect(matchWild(compileWild('*.c'), 'dir/x.c', 4)).toBe(true);
  expect(matchWild(compileWild('*.c'), 'dir/x.c')).toBe(false);
});

test.each([
  ['[[:constructor:]]', 'c', false],
  ['[[:digit:]-z]', '-', true],
  ['[a-c-e]', 'd', false],
  ['[a-c-e]', '-', true],
  ['[]-a]', '^', true],
  ['[!]a]', 'a', false],
  ['[^/]', '/', false],
  ['a\\', 'a\\', false],
  ['\\*', '*', true],
  ['*/', 'a/', true],
  ['**', '', true],
  ['', '', true],
])('%s against %s is %s', (pattern, text, want) => {
  expect(wildmatch(pattern, text)).toBe(want);
});
