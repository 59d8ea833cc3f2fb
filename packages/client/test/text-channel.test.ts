import { readAll, scriptedConnection } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { TextChannel } from '../src/text-channel.ts';

test.each([1, 3, 100])('lines, then the rest, in chunks of %i', async (size) => {
  const connection = scriptedConnection('one\r\n\ntwo\nbinary\0bytes\n', size);
  const channel = new TextChannel(connection);
  expect(await channel.readLine()).toBe('one');
  expect(await channel.readLine()).toBe('');
  expect(await channel.readLine()).toBe('two');
  expect(await readAll(channel.release().input)).toBe('binary\0bytes\n');
});

test('the end of input is no line', async () => {
  const channel = new TextChannel(scriptedConnection('half'));
  expect(await channel.readLine()).toBeUndefined();
});

test('writes byte strings and bytes, and leaves failures to the reader', async () => {
  const connection = scriptedConnection('');
  const channel = new TextChannel(connection);
  await channel.write('a\xff');
  await channel.write(new Uint8Array([1]));
  expect([...connection.sent()]).toEqual([0x61, 0xff, 1]);
  const broken = new TextChannel({
    ...connection,
    write: () => Promise.reject(new Error('gone')),
  });
  await broken.write('x');
});
