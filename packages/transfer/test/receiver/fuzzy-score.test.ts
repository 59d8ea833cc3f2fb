import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FUZZY_LIMIT, fuzzyScore } from '../../src/receiver/fuzzy-score.ts';

interface Vector {
  readonly target: string;
  /** Scores in the order in which candidates were looked at. */
  readonly scores: readonly (readonly [string, number])[];
  readonly chosen: string | null;
}

const file = new URL('../../../testkit/vectors/fuzzy.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Vector[] };

test.each(cases)('candidates for $target', ({ target, scores, chosen }) => {
  let best = FUZZY_LIMIT;
  let last: string | null = null;
  for (const [name, expected] of scores) {
    const score = fuzzyScore(name, target, best);
    expect([name, score]).toEqual([name, expected]);
    if (score > best) continue;
    best = score;
    last = name;
  }
  expect(last ?? undefined).toBe(chosen ?? undefined);
});

const names = fc.string({
  minLength: 1,
  maxLength: 30,
  unit: fc.integer({ min: 1, max: 255 }).map((c) => String.fromCharCode(c)),
});

test('a name is as similar as can be to itself, and to no other name', () => {
  fc.assert(
    fc.property(names, names, (a, b) => {
      expect(fuzzyScore(a, a, FUZZY_LIMIT)).toBe(0);
      if (a !== b) expect(fuzzyScore(a, b, FUZZY_LIMIT)).toBeGreaterThan(0);
    }),
  );
});
