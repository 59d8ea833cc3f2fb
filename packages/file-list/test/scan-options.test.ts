import { expect, test } from 'vitest';
import { IoError } from '../src/scan-options.ts';

test('bits as they travel', () => {
  expect(IoError).toEqual({ GENERAL: 1, VANISHED: 2, DELETE_LIMIT: 4 });
});
