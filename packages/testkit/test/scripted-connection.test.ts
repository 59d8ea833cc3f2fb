import { expect, test } from 'vitest';
import { readAll, scriptedConnection, silentConnection } from '../src/scripted-connection.ts';

test('says its script in chunks and closes', async () => {
  const chunks: number[] = [];
  for await (const chunk of scriptedConnection('a\xffbcd', 2).input) chunks.push(chunk.length);
  expect(chunks).toEqual([2, 2, 1]);
  expect(await readAll(scriptedConnection('a\xff').input)).toBe('a\xff');
});

test('collects what it is told', async () => {
  const connection = scriptedConnection('');
  await connection.write(Buffer.from('one '));
  await connection.write([Buffer.from('two '), Buffer.from('three')]);
  expect(connection.sent().toString()).toBe('one two three');
});

test('a silent peer says nothing and stays', async () => {
  const next = silentConnection().input[Symbol.asyncIterator]().next();
  const late = new Promise((resolve) => setTimeout(() => resolve('nothing yet'), 20));
  expect(await Promise.race([next, late])).toBe('nothing yet');
});
