import { expect, test } from 'vitest';
import { localTimeText } from '../src/local-time.ts';

test('local time, whole seconds', () => {
  const seconds = new Date(2026, 0, 2, 3, 4, 5, 678).getTime() / 1000;
  expect(localTimeText(seconds)).toBe('2026/01/02 03:04:05');
  expect(localTimeText(seconds, '-')).toBe('2026/01/02-03:04:05');
});
