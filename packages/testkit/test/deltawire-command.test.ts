import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { deltawireCommand } from '../src/index.ts';

test('names a program that exists, and gives each caller an array of his own', () => {
  expect(existsSync(deltawireCommand().at(-1)!)).toBe(true);
  deltawireCommand().push('--version');
  expect(deltawireCommand().at(-1)).toMatch(/bin\.(js|ts)$/);
});
