import { expect, test } from 'vitest';
import { connectionPair, randomBytes } from '../src/index.ts';

test('bytes arrive in order through a tiny buffer', async () => {
  const [a, b] = connectionPair({ capacity: 3, chunkBytes: 2 });
  const bytes = randomBytes(1000);
  const writing = a.write([bytes.subarray(0, 10), bytes.subarray(10)]).then(() => a.end());
  const chunks: Uint8Array[] = [];
  for await (const chunk of b.input) chunks.push(chunk);
  await writing;
  expect(Math.max(...chunks.map((chunk) => chunk.length))).toBe(2);
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
});

test('write waits for room', async () => {
  const [a, b] = connectionPair({ capacity: 4 });
  let done = false;
  const writing = a.write(new Uint8Array(5)).then(() => {
    done = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(done).toBe(false);
  for await (const _ of b.input) break;
  await writing;
});

test('a closed end fails the writer and ends the reader', async () => {
  const [a, b] = connectionPair({ capacity: 1 });
  const writing = a.write(new Uint8Array(9));
  await b.close();
  await expect(writing).rejects.toThrow('closed');
  for await (const _ of a.input) throw new Error('nothing was written');
});
