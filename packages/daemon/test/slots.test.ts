import { expect, test } from 'vitest';
import { ConnectionSlots } from '../src/slots.ts';

test('a module has that many places, each given back once', () => {
  const slots = new ConnectionSlots();
  const first = slots.claim('m', 2);
  const second = slots.claim('m', 2);
  expect(slots.claim('m', 2)).toBeUndefined();
  expect(slots.claim('other', 1)).toBeDefined();
  first?.();
  first?.();
  expect(slots.claim('m', 2)).toBeDefined();
  expect(slots.claim('m', 2)).toBeUndefined();
  second?.();
});

test('a negative number disables a module', () => {
  expect(new ConnectionSlots().claim('m', -1)).toBeUndefined();
});
