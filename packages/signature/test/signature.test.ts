import { expect, test } from 'vitest';
import { SignatureError } from '../src/signature.ts';

test('SignatureError says why by its code', () => {
  const error = new SignatureError('FILE_SHRANK', 'gone');
  expect(error).toBeInstanceOf(Error);
  expect([error.name, error.code, error.message]).toEqual([
    'SignatureError',
    'FILE_SHRANK',
    'gone',
  ]);
});
