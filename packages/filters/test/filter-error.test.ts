import { expect, test } from 'vitest';
import { FilterError } from '../src/filter-error.ts';

test('each kind has rsync’s exit code', () => {
  const codes = (['SYNTAX', 'FILE', 'TOO_MODERN'] as const).map(
    (c) => new FilterError(c, '').exitCode,
  );
  expect(codes).toEqual([1, 11, 2]);
});
