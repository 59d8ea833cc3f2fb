import { readAll, scriptedConnection } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { resumeConnection } from '../src/resume.ts';

test('the input begins with the bytes that were read too early', async () => {
  const connection = scriptedConnection('later', 2);
  const input = connection.input[Symbol.asyncIterator]();
  const resumed = resumeConnection(connection, Buffer.from('first '), input);
  expect(await readAll(resumed.input)).toBe('first later');
  await resumed.write([Buffer.from('out')]);
  expect(connection.sent().toString()).toBe('out');
});
