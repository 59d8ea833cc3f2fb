import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { connectTcp } from '../src/tcp.ts';

const base = { ipFamily: 0 as const, connectTimeout: 0 };

async function listen(): Promise<{ port: number; close(): void }> {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { port, close: () => server.close() };
}

test('connects, from a given local address', async () => {
  const { port, close } = await listen();
  const socket = await connectTcp({
    ...base,
    host: 'localhost',
    port,
    localAddress: '127.0.0.3',
    ipFamily: 4,
  });
  expect(socket.localAddress).toBe('127.0.0.3');
  socket.destroy();
  close();
});

test('a refused connection ends with exit code 10', async () => {
  const { port, close } = await listen();
  close();
  await expect(connectTcp({ ...base, host: '127.0.0.1', port })).rejects.toMatchObject({
    exitCode: 10,
    message: 'failed to connect to 127.0.0.1 (127.0.0.1): Connection refused (111)',
  });
});

test('an unknown host ends with exit code 10', async () => {
  await expect(connectTcp({ ...base, host: 'no.such.invalid', port: 873 })).rejects.toMatchObject({
    exitCode: 10,
    message: expect.stringContaining('getaddrinfo: no.such.invalid 873'),
  });
});

test('an abort is passed on', async () => {
  const signal = AbortSignal.abort(new Error('stop'));
  await expect(connectTcp({ ...base, host: '127.0.0.1', port: 1, signal })).rejects.toThrow('stop');
});

test('a number that is no port is named', async () => {
  const connected = connectTcp({ ...base, host: 'localhost', port: 70_000 });
  await expect(connected).rejects.toMatchObject({
    exitCode: 10,
    message: 'port 70000 does not exist: ports are numbers up to 65535',
  });
});
