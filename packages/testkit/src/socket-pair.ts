import { connect, createServer, type Socket } from 'node:net';

/** Two connected sockets of the loopback interface; either can be half closed. */
export interface SocketPair {
  readonly near: Socket;
  readonly far: Socket;
  /** Destroy both. */
  close(): void;
}

/** Connect two sockets. */
export async function socketPair(): Promise<SocketPair> {
  const server = createServer({ allowHalfOpen: true });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const near = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const far = await accepted;
  await new Promise<void>((resolve) =>
    near.connecting ? near.once('connect', resolve) : resolve(),
  );
  const close = (): void => {
    near.destroy();
    far.destroy();
    server.close();
  };
  return { near, far, close };
}
