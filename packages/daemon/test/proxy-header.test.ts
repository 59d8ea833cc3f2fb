import { scriptedConnection } from '@deltawire/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isProxyTrusted, readProxyHeader } from '../src/proxy-header.ts';
import { TextChannel } from '../src/text-channel.ts';

const SIGNATURE = '\r\n\r\n\0\r\nQUIT\n';
const V4 = '\x0a\x01\x02\x03\x7f\0\0\x01\x04\xd2\x03\x69';
const V6 = `${'\x20\x01\x0d\xb8'.padEnd(15, '\0')}\x07${'\0'.repeat(15)}\x01\x04\xd2\x03\x69`;
const MAPPED = `${'\0'.repeat(10)}\xff\xff\x0a\x01\x02\x03${'\0'.repeat(15)}\x01\x04\xd2\x03\x69`;

/** What the header says, and the line behind it. */
async function read(header: string, chunk = 7) {
  const channel = new TextChannel(scriptedConnection(`${header}next\n`, chunk));
  return { peer: await readProxyHeader(channel), next: await channel.readLine(100) };
}

const v4 = { address: '10.1.2.3', port: 1234 };
const v6 = { address: '2001:db8::7', port: 1234 };

describe.each([1, 5, 1000])('in chunks of %i', (chunk) => {
  test.each([
    ['PROXY TCP4 10.1.2.3 10.0.0.1 1234 873\r\n', v4],
    ['PROXY TCP6 2001:db8::7 ::1 1234 873\r\n', v6],
    ['PROXY TCP6 ::ffff:10.1.2.3 ::1 1234 873\r\n', v4],
    ['PROXY UNKNOWN\r\n', undefined],
    ['PROXY UNKNOWN what ever\r\n', undefined],
    [`${SIGNATURE}\x21\x11\0\x0c${V4}`, v4],
    [`${SIGNATURE}\x21\x21\0\x24${V6}`, v6],
    [`${SIGNATURE}\x21\x21\0\x24${MAPPED}`, v4],
    [`${SIGNATURE}\x20\x11\0\x0c${V4}`, undefined],
    [`${SIGNATURE}\x20\0\0\0`, undefined],
    [`${SIGNATURE}\x21\0\0\x03abc`, undefined],
    [`${SIGNATURE}\x21\x12\0\x0c${V4}`, undefined],
  ])('%j', async (header, peer) => {
    expect(await read(header, chunk)).toEqual({ peer, next: 'next' });
  });
});

test.each([
  '@RSYNCD: 32.0 md5\n',
  'PROXY TCP4 10.1.2.3 10.0.0.1 0 873\r\n',
  'PROXY TCP4 10.1.2.3 10.0.0.1 1234 65536\r\n',
  'PROXY TCP4 10.1.2.3 10.0.0.1 1234\r\n',
  'PROXY TCP4 10.1.2.3 10.0.0.1 1234 873 1\r\n',
  'PROXY TCP4 ::1 ::1 1234 873\r\n',
  'PROXY TCP4 10.1.2.3 10.0.0.1 1234 873\n',
  'PROXY TCP4  10.1.2.3 10.0.0.1 1234 873\r\n',
  'PROXY TCP5 10.1.2.3 10.0.0.1 1234 873\r\n',
  `PROXY UNKNOWN ${'x'.repeat(100)}\r\n`,
  `${SIGNATURE}\x21\x11\0\x0d${V4}a`,
  `${SIGNATURE}\x31\x11\0\x0c${V4}`,
  `${SIGNATURE}\x21\0\0\xff${'x'.repeat(255)}`,
])('%j is refused', async (header) => {
  await expect(read(header)).rejects.toThrow('invalid proxy protocol header');
});

test('whatever comes, it is a header or an error', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
      await read(`${SIGNATURE}${text}`).catch((error: Error) => {
        expect(error.name).toBe('TextPhaseError');
      });
    }),
  );
});

test('nobody is trusted without being listed', async () => {
  const peer = { address: '127.0.0.1', port: 1 };
  expect(await isProxyTrusted(peer, '')).toBe(false);
  expect(await isProxyTrusted(peer, '10.0.0.1, 127.0.0.0/8')).toBe(true);
  expect(await isProxyTrusted(peer, 'localhost')).toBe(false);
});
