import { encodeByteString, LineDecoder } from '@deltawire/protocol';
import { type Connection, resumeConnection } from '@deltawire/transfer';

/** A connection while it still speaks lines of text; `release` hands on what was not consumed. */
export class TextChannel {
  readonly #connection: Connection;
  readonly #input: AsyncIterator<Uint8Array>;
  readonly #lines: LineDecoder = new LineDecoder();

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#input = connection.input[Symbol.asyncIterator]();
  }

  /** The next line as a byte string without its end; undefined when the peer closed. */
  async readLine(): Promise<string | undefined> {
    for (;;) {
      const line = this.#lines.next();
      if (line !== undefined) return line;
      const { done, value } = await this.#input.next();
      if (done) return undefined;
      this.#lines.push(value);
    }
  }

  /** Send a byte string, or bytes. */
  async write(data: string | Uint8Array): Promise<void> {
    try {
      await this.#connection.write([typeof data === 'string' ? encodeByteString(data) : data]);
    } catch {
      // A peer that is gone is noticed by reading, after its last words.
    }
  }

  /** The same connection for the binary protocol, starting with the bytes after the last line. */
  release(): Connection {
    return resumeConnection(this.#connection, this.#lines.rest(), this.#input);
  }
}
