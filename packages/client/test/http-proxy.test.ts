import { readAll, scriptedConnection } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { parseProxy, tunnel } from '../src/http-proxy.ts';

test.each([
  ['proxy:3128', { host: 'proxy', port: 3128, credentials: undefined }],
  ['user:p@ss@proxy:80', { host: 'proxy', port: 80, credentials: 'user:p@ss' }],
])('%s', (text, proxy) => {
  expect(parseProxy(text)).toEqual(proxy);
});

test.each(['proxy', ':80', 'proxy:', 'proxy:x', 'proxy:70000'])('%s is no proxy', (text) => {
  expect(() => parseProxy(text)).toThrow('invalid proxy specification: should be HOST:PORT');
});

// The request is what rsync 3.5.0 sends.
test.each([1, 3, 1000])('a tunnel, answered in pieces of %i', async (size) => {
  const answer = 'HTTP/1.1 200 OK\r\nVia: x\r\n\r\n@RSYNCD: 32.0\n';
  const connection = scriptedConnection(answer, size);
  const proxy = parseProxy('user:pass@p:1');
  const through = await tunnel(connection, proxy, 'daemon.example', 8730);
  expect(connection.sent().toString()).toBe(
    'CONNECT daemon.example:8730 HTTP/1.0\r\nProxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n',
  );
  expect(await readAll(through.input)).toBe('@RSYNCD: 32.0\n');
});

test.each([
  ['HTTP/1.0 403 Forbidden\r\n\r\n', 'bad response from proxy -- HTTP/1.0 403 Forbidden'],
  ['SSH-2.0 hello\r\n', 'bad response from proxy -- SSH-2.0 hello'],
  ['', 'failed to read from proxy'],
  ['HTTP/1.0 200 OK\r\nVia: x\r\n', 'failed to read from proxy'],
])('%j ends the run', async (answer, message) => {
  const asked = tunnel(scriptedConnection(answer), parseProxy('p:1'), 'h', 873);
  await expect(asked).rejects.toMatchObject({
    exitCode: 10,
    message: expect.stringContaining(message),
  });
});
