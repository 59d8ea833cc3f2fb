/** Loopback sockets and golden sessions for the tests of this package. */
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';

const golden = new URL('../../testkit/golden/', import.meta.url);

/** One file of a recorded session. */
export const goldenFile = (session: string, file: string): Buffer =>
  readFileSync(new URL(`${session}/${file}`, golden));

/** A connected pair of loopback sockets. */
export async function socketPair(): Promise<{ near: Socket; far: Socket; close(): void }> {
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

/** Everything a connection still says, as latin1. */
export async function readAll(input: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of input) text += Buffer.from(chunk).toString('latin1');
  return text;
}

/** A connection whose peer says `script` and closes; what it is told is collected. */
export function scriptedConnection(script: string | Uint8Array, chunkLength?: number) {
  const bytes = typeof script === 'string' ? Buffer.from(script, 'latin1') : script;
  const size = chunkLength ?? Math.max(1, bytes.length);
  const sent: Uint8Array[] = [];
  async function* input(): AsyncGenerator<Uint8Array, void, void> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  return {
    input: input(),
    write: async (chunks: readonly Uint8Array[]) => void sent.push(...chunks),
    end: async () => {},
    close: async () => {},
    sent: () => Buffer.concat(sent),
  };
}

/** A connection whose peer says nothing and stays. */
export function silentConnection() {
  async function* input(): AsyncGenerator<Uint8Array, void, void> {
    await new Promise(() => {});
    yield new Uint8Array(0);
  }
  return { ...scriptedConnection(''), input: input() };
}
