import { expect, test } from 'vitest';
import { goldenSession, goldenSessions, loadVectors } from '../src/index.ts';

test('every recorded session can be loaded', () => {
  const names = goldenSessions();
  expect(names.length).toBeGreaterThan(150);
  for (const name of names) expect(goldenSession(name).argv.client_command).toBeTypeOf('string');
});

test('vectors are found by name', () => {
  expect(loadVectors<{ about: string }>('wildmatch').about).toContain('wildmatch');
});
