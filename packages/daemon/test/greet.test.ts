import { scriptedConnection } from '@deltawire/testkit';
import { describe, expect, test } from 'vitest';
import { greet } from '../src/greet.ts';
import { TextChannel } from '../src/text-channel.ts';

const say = (line: string) => greet(new TextChannel(scriptedConnection(line)), '');

describe('greet()', () => {
  test('speaks first, message of the day included', async () => {
    const connection = scriptedConnection('@RSYNCD: 31.0 md5\n');
    const agreed = await greet(new TextChannel(connection), 'hello\n\n');
    expect(agreed).toEqual({ protocol: 31, digests: ['md5'] });
    expect(connection.sent().toString()).toBe(
      '@RSYNCD: 32.0 sha512 sha256 sha1 md5 md4\nhello\n\n',
    );
  });

  test.each([
    ['@RSYNCD: 40.0 md5', 32],
    ['@RSYNCD: 29', 29],
    ['@RSYNCD: 31.7', 30],
    ['@RSYNCD: 32.7 md5', 31],
  ])('%s agrees on %i', async (line, protocol) => {
    expect((await say(`${line}\n`))?.protocol).toBe(protocol);
  });

  test.each([
    ['HELLO', 'protocol startup error'],
    ['@RSYNCD: 30', 'your client omitted the subprotocol value: @RSYNCD: 30'],
    ['@RSYNCD: 32.0', 'your client omitted the digest name list: @RSYNCD: 32.0'],
  ])('%s is refused', async (line, message) => {
    await expect(say(`${line}\n`)).rejects.toThrow(message);
  });

  test('a client that leaves is no error', async () => {
    expect(await say('')).toBeUndefined();
  });
});
