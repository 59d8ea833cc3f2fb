import { expect, test } from 'vitest';
import { CompressionError } from '../src/index.ts';

test('it has a name and a cause', () => {
  const cause = new Error('inner');
  const error = new CompressionError('outer', { cause });
  expect(error).toMatchObject({ name: 'CompressionError', message: 'outer', cause });
});
