import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkChmod } from '../src/chmod-syntax.ts';

interface ChmodVector {
  readonly chmod: string;
  readonly error?: unknown;
  readonly cases?: readonly unknown[];
}

const { vectors } = JSON.parse(
  readFileSync(new URL('../../testkit/vectors/chmod.json', import.meta.url), 'utf8'),
) as { vectors: ChmodVector[] };

test('accepts and refuses what the recorded rsync did', () => {
  const wrong = vectors.filter(({ chmod, error }) => {
    try {
      checkChmod(chmod);
      return error !== undefined;
    } catch {
      return error === undefined;
    }
  });
  expect(wrong).toEqual([]);
  expect(vectors.some(({ error }) => error !== undefined)).toBe(true);
});

test('the message quotes the whole argument', () => {
  expect(() => checkChmod('u+x,zz')).toThrow('rsync: Invalid argument passed to --chmod (u+x,zz)');
});
