import { once } from 'node:events';
import { connect, createServer, Socket } from 'node:net';
import { expect, test } from 'vitest';
import { nativeCalls, setSocketOptions } from '../src/index.ts';

async function withSocket(use: (socket: Socket) => void): Promise<void> {
  const server = createServer((peer) => peer.resume());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as { port: number }).port, '127.0.0.1');
  await once(socket, 'connect');
  use(socket);
  socket.destroy();
  server.close();
}

test('what rsync says about a list', async () => {
  await withSocket((socket) => {
    const list = 'FOO,TCP_NODELAY=0 SO_KEEPALIVE,\tIPTOS_LOWDELAY=7,tcp_nodelay';
    expect(setSocketOptions(socket, list, 'sender')).toEqual([
      'Unknown socket option FOO',
      'syntax error -- IPTOS_LOWDELAY does not take a value',
      'Unknown socket option tcp_nodelay',
    ]);
    expect(setSocketOptions(socket, '', 'sender')).toEqual([]);
  });
});

test.skipIf(process.platform !== 'linux' || !nativeCalls())('the system is asked', async () => {
  await withSocket((socket) => {
    const list = 'SO_SNDBUF=65536,SO_RCVBUF=10000x,IPTOS_THROUGHPUT,SO_SNDLOWAT=3,SO_REUSEADDR';
    expect(setSocketOptions(socket, list, 'sender')).toEqual([
      'rsync: [sender] failed to set socket option SO_SNDLOWAT: Protocol not available (92)',
    ]);
  });
});

test('without a descriptor it is said', () => {
  expect(setSocketOptions(new Socket(), 'SO_SNDBUF=1', 'Receiver')).toEqual([
    'rsync: [Receiver] failed to set socket option SO_SNDBUF: Function not implemented (38)',
  ]);
});
