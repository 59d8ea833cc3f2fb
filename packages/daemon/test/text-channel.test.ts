import { readAll, scriptedConnection, silentConnection } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { TextChannel } from '../src/text-channel.ts';

test.each([1, 4, 100])(
  'lines, counted bytes, arguments, the rest, in chunks of %i',
  async (size) => {
    const text = 'one\r\nxyztwo\n--server\0.\0m/\0\0later\0s\0\0rest';
    const channel = new TextChannel(scriptedConnection(text, size));
    expect(await channel.readLine(100)).toBe('one');
    expect(Buffer.from(await channel.readBytes(3)).toString()).toBe('xyz');
    expect(await channel.readLine(100)).toBe('two');
    expect(await channel.readArguments(true)).toEqual(['--server', '.', 'm/']);
    expect(await channel.readArguments(true)).toEqual(['later', 's']);
    expect(await readAll(channel.release().input)).toBe('rest');
  },
);

test('the end of input inside something', async () => {
  const channel = (text: string): TextChannel => new TextChannel(scriptedConnection(text));
  expect(await channel('half').readLine(100)).toBeUndefined();
  await expect(channel('a\0').readArguments(true)).rejects.toThrow('closed in the arguments');
  await expect(channel('ab').readBytes(3)).rejects.toThrow('connection closed');
});

test('limits', async () => {
  const channel = (text: string): TextChannel => new TextChannel(scriptedConnection(text, 100));
  await expect(channel(`${'x'.repeat(101)}\n`).readLine(100)).rejects.toThrow('line length');
  await expect(channel('a\0b\n').readLine(100)).rejects.toThrow('NUL');
  await expect(channel('a\0'.repeat(16_001)).readArguments(true)).rejects.toThrow('arguments');
});

test('deadlines are absolute, and can be started again', async () => {
  const channel = new TextChannel(silentConnection());
  channel.startDeadline(0.05);
  await expect(channel.readLine(100)).rejects.toThrow('daemon handshake timeout');
});

test('cancel ends a wait', async () => {
  const channel = new TextChannel(silentConnection());
  const reading = channel.readLine(100);
  channel.cancel();
  await expect(reading).rejects.toThrow('the daemon is closing');
});

test('finish waits for the peer to close, but not for long', async () => {
  const started = Date.now();
  await new TextChannel(scriptedConnection('unread')).finish(5);
  await new TextChannel(silentConnection()).finish(0.05);
  expect(Date.now() - started).toBeLessThan(1000);
});
