import { encodeByteString, LineDecoder } from '@deltawire/protocol';
import { type Connection, resumeConnection, timedOut } from '@deltawire/transfer';

/** The time that a peer has for each line. */
export interface LineLimit {
  /** 0 for as long as it takes. */
  readonly seconds: number;
  /** Who complains, as rsync names its processes. */
  readonly role: string;
}

/** A connection while it still speaks lines of text; `release` hands on what was not consumed. */
export class TextChannel {
  readonly #connection: Connection;
  readonly #input: AsyncIterator<Uint8Array>;
  readonly #lines: LineDecoder = new LineDecoder();
  readonly #limit: LineLimit | undefined;

  constructor(connection: Connection, limit?: LineLimit) {
    this.#connection = connection;
    this.#limit = limit;
    this.#input = connection.input[Symbol.asyncIterator]();
  }

  /** The next line as a byte string without its end; undefined when the peer closed. */
  async readLine(): Promise<string | undefined> {
    for (;;) {
      const line = this.#lines.next();
      if (line !== undefined) return line;
      const { done, value } = await this.#inTime(this.#input.next());
      if (done) return undefined;
      this.#lines.push(value);
    }
  }

  /** Throws with exit code 30 when it takes too long. */
  async #inTime<T>(work: Promise<T>): Promise<T> {
    if (this.#limit === undefined || this.#limit.seconds === 0) return work;
    const { seconds, role } = this.#limit;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(timedOut(role, seconds * 1000)), seconds * 1000);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
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
