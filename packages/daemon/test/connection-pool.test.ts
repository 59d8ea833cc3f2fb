import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { ConnectionPool, inheritedExecArgv } from '../src/connection-pool.ts';

const settings = loadConfig({ modules: { pub: { path: '/' } }, reverseLookup: false }, { env: {} });

test('a socket is served by another process, which also sends its log lines', async () => {
  const lines: string[] = [];
  const pool = new ConnectionPool({
    claimSlot: async () => undefined,
    onLog: (line) => lines.push(line),
  });
  pool.warm();
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
  const served = new Promise<void>((resolve) => {
    server.once('connection', (socket: Socket) => {
      const peer = { address: '127.0.0.1', port: 1 };
      void pool
        .serve(
          { kind: 'serve', settings, peer, forwardLog: true, syslog: false, pipeline: undefined },
          socket,
        )
        .then(resolve);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const client = connect(port, '127.0.0.1');
  // Sent at once: nothing of it may be lost on the way to the other process.
  client.write('@RSYNCD: 32.0 md5\n#list\n');
  let said = '';
  for await (const chunk of client) said += String(chunk);
  expect(said).toBe('@RSYNCD: 32.0 sha512 sha256 sha1 md5 md4\npub            \t\n@RSYNCD: EXIT\n');
  await served;
  expect(pool.size).toBe(0);
  expect(lines.map((line) => line.replace(/^.*?\] /, ''))).toEqual([
    'connect from UNDETERMINED (127.0.0.1)',
    'module-list request from UNDETERMINED (127.0.0.1)',
  ]);
  server.close();
  await pool.close();
});

test('close ends a process that is serving', async () => {
  const pool = new ConnectionPool({ claimSlot: async () => undefined, onLog: () => {} });
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
  server.on('connection', (socket: Socket) => {
    const peer = { address: '127.0.0.1', port: 1 };
    void pool.serve(
      { kind: 'serve', settings, peer, forwardLog: false, syslog: false, pipeline: undefined },
      socket,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const client = connect(port, '127.0.0.1');
  await new Promise((resolve) => client.once('data', resolve));
  expect(pool.size).toBe(1);
  await pool.close();
  await sleep(20);
  expect(pool.size).toBe(0);
  client.destroy();
  server.close();
});

test('only flags that decide how modules run are handed on', () => {
  const flags = ['-e', 'code', '--inspect', '-C', 'x', '--conditions=y', '--no-warnings'];
  expect(inheritedExecArgv(flags)).toEqual(['-C', 'x', '--conditions=y', '--no-warnings']);
});
