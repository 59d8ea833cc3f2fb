import { expect, test } from 'vitest';
import { OptionError } from '../src/index.ts';

test('an OptionError has a code and an exit code', () => {
  const error = new OptionError('m', 'CONFLICT');
  expect(error).toMatchObject({ name: 'OptionError', message: 'm', code: 'CONFLICT', exitCode: 1 });
  expect(new OptionError('m', 'NOT_SUPPORTED', 4).exitCode).toBe(4);
});
