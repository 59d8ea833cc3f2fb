import { expect, test } from 'vitest';
import { connectionPair } from '../src/index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function readAll(input: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of input) text += Buffer.from(chunk).toString();
  return text;
}

test('what one end writes the other reads, both ways', async () => {
  const [a, b] = connectionPair();
  await a.write([bytes('to '), bytes('b')]);
  await b.write([bytes('to a')]);
  await a.end();
  await b.end();
  expect(await readAll(b.input)).toBe('to b');
  expect(await readAll(a.input)).toBe('to a');
});

test('after its end one direction is over, the other goes on', async () => {
  const [a, b] = connectionPair();
  await a.end();
  expect(await readAll(b.input)).toBe('');
  await b.write([bytes('still')]);
  await b.end();
  expect(await readAll(a.input)).toBe('still');
});

test('a writer waits while too much is on its way', async () => {
  const [a, b] = connectionPair();
  const big = new Uint8Array(3 << 20);
  let written = false;
  const write = a.write([big, bytes('!')]).then(() => {
    written = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(written).toBe(false);
  const input = b.input[Symbol.asyncIterator]();
  expect((await input.next()).value).toHaveLength(3 << 20);
  await write;
  expect(Buffer.from((await input.next()).value!).toString()).toBe('!');
});

test('closing one end ends the reader there and fails the writer here', async () => {
  const [a, b] = connectionPair();
  const waiting = readAll(b.input);
  const stuck = b.write([new Uint8Array(3 << 20)]);
  await a.close();
  expect(await waiting).toBe('');
  await stuck;
  await expect(b.write([bytes('x')])).rejects.toThrow(/closed/);
});
