import { once } from 'node:events';
import { expect, test } from 'vitest';
import { readAll } from '../src/scripted-connection.ts';
import { socketPair } from '../src/socket-pair.ts';

test('carries bytes both ways, also when one direction has ended', async () => {
  const { near, far, close } = await socketPair();
  near.end('question');
  expect(await readAll(far)).toBe('question');
  far.end('answer');
  expect(await readAll(near)).toBe('answer');
  close();
});

test('close destroys both ends', async () => {
  const { near, far, close } = await socketPair();
  const closed = Promise.all([once(near, 'close'), once(far, 'close')]);
  close();
  await closed;
});
