import { expect, test } from 'vitest';
import { lookUpHostName, UNKNOWN } from '../src/host-name.ts';

test('the loopback has a name, an address of nobody has none', async () => {
  expect(await lookUpHostName('127.0.0.1', 1)).toMatch(/^[a-z]/);
  expect(await lookUpHostName('not an address', 1)).toBe(UNKNOWN);
});
