import { expect, test } from 'vitest';
import { everySplit, randomBytes } from '../src/index.ts';

test('all chunkings of a short input', () => {
  const splits = [...everySplit(new Uint8Array([1, 2, 3]))].map((s) => s.map((c) => [...c]));
  expect(splits).toHaveLength(4);
  expect(splits).toContainEqual([[1], [2, 3]]);
  expect(splits).toContainEqual([[1], [2], [3]]);
  expect([...everySplit(new Uint8Array(0))]).toEqual([[new Uint8Array(0)]]);
});

test('chunkings of a long input give its bytes in order', () => {
  const bytes = randomBytes(300);
  const splits = [...everySplit(bytes)];
  expect(splits.length).toBeGreaterThan(20);
  for (const chunks of splits) expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  expect([...everySplit(bytes)].map((s) => s.length)).toEqual(splits.map((s) => s.length));
});
