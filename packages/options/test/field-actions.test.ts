import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseInteger } from '../src/field-actions.ts';

test('integers are read as C does', () => {
  expect(['5', ' -5', '+0x1F', '017', '-010', '0', ''].map(parseInteger)).toEqual([
    5, -5, 31, 15, -8, 0, 0,
  ]);
  fc.assert(
    fc.property(fc.integer(), (number) => {
      expect(parseInteger(String(number))).toBe(number);
    }),
  );
});
