import type { Connection } from './connection.ts';

/** The same connection, its input beginning with bytes that were read too early. */
export function resumeConnection(
  connection: Connection,
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): Connection {
  async function* input(): AsyncGenerator<Uint8Array, void, void> {
    if (first.length > 0) yield first;
    for (;;) {
      const { done, value } = await rest.next();
      if (done) return;
      yield value;
    }
  }
  return {
    input: input(),
    write: (chunks) => connection.write(chunks),
    end: () => connection.end(),
    close: () => connection.close(),
  };
}
