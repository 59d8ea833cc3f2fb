import { ArgumentsDecoder, ExitCode, LineDecoder, RsyncError } from '@deltawire/protocol';
import { type Connection, resumeConnection } from '@deltawire/transfer';

/** When a peer breaks off or takes too long in the text phase; the message goes to the log. */
export class TextPhaseError extends RsyncError {
  override readonly name: string = 'TextPhaseError';

  constructor(message: string, exitCode: number = ExitCode.STREAM) {
    super(message, { code: 'TEXT_PHASE', exitCode });
  }
}

/** Rejects when its deadline passes; `start` begins a new one. */
class Deadline {
  #timer: NodeJS.Timeout | undefined;
  #reject: ((error: Error) => void) | undefined;
  readonly expired: Promise<never>;

  constructor() {
    this.expired = new Promise((_, reject) => {
      this.#reject = reject;
    });
    // Nobody may be waiting when the time is up.
    this.expired.catch(() => {});
  }

  start(seconds: number): void {
    this.stop();
    if (seconds <= 0) return;
    const message = '[Receiver] daemon handshake timeout -- exiting';
    this.#timer = setTimeout(() => {
      this.#reject?.(new TextPhaseError(message, ExitCode.TIMEOUT));
    }, seconds * 1000);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  cancel(): void {
    this.stop();
    this.#reject?.(new TextPhaseError('the daemon is closing', ExitCode.SIGNAL));
  }
}

/**
 * The server's end of a connection while it still speaks lines and strings. Everything has a
 * bound and, over TCP, an absolute deadline (docs/spec/session.md §4, §4.8).
 */
export class TextChannel {
  readonly #connection: Connection;
  readonly #input: AsyncIterator<Uint8Array>;
  readonly #deadline: Deadline = new Deadline();
  #rest: Uint8Array = new Uint8Array(0);

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#input = connection.input[Symbol.asyncIterator]();
  }

  /** Give the peer that many seconds from now on; 0 for as long as it likes. */
  startDeadline(seconds: number): void {
    this.#deadline.start(seconds);
  }

  /** Make whatever waits for the peer fail now. */
  cancel(): void {
    this.#deadline.cancel();
  }

  /**
   * The next line without its end; undefined when the peer closed before it was complete. Throws
   * `ProtocolError` for a line that is too long.
   */
  async readLine(maxBytes: number): Promise<string | undefined> {
    const lines = new LineDecoder({ maxBytes });
    for (;;) {
      lines.push(this.#consume(this.#rest.length));
      const line = lines.next();
      if (line !== undefined) {
        this.#rest = lines.rest();
        return line;
      }
      if (!(await this.#fill())) return undefined;
    }
  }

  /** One block of arguments, ended by an empty one. Throws `ProtocolError` for too many. */
  async readArguments(nulArguments: boolean): Promise<readonly string[]> {
    const block = new ArgumentsDecoder({ nulArguments });
    for (;;) {
      this.#rest = block.push(this.#rest);
      if (block.done) return block.args;
      if (!(await this.#fill())) throw new TextPhaseError('connection closed in the arguments');
    }
  }

  /** Exactly that many bytes. */
  async readBytes(count: number): Promise<Uint8Array> {
    while (this.#rest.length < count) {
      if (!(await this.#fill())) throw new TextPhaseError('connection closed');
    }
    return this.#consume(count);
  }

  #consume(count: number): Uint8Array {
    const taken = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(count);
    return taken;
  }

  async #fill(): Promise<boolean> {
    const next = this.#input.next();
    const { done, value } = await Promise.race([next, this.#deadline.expired]);
    if (done) return false;
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
    return true;
  }

  /** Send a byte string. A peer that is gone is noticed by reading. */
  async write(text: string): Promise<void> {
    try {
      await this.#connection.write([Buffer.from(text, 'latin1')]);
    } catch {
      // `input` ends with the same error after everything that has arrived.
    }
  }

  /**
   * Say goodbye: send what is queued and wait, not longer than `seconds`, for the peer to close.
   * Closing with unread input would reset the connection and lose the last words on their way.
   */
  async finish(seconds: number): Promise<void> {
    this.#deadline.start(seconds);
    try {
      await Promise.race([this.#connection.end(), this.#deadline.expired]);
      while (await this.#fill()) this.#rest = new Uint8Array(0);
    } catch {
      // The peer is gone or takes too long: either way there is nothing left to tell it.
    }
    this.#deadline.stop();
  }

  /** The same connection for the binary protocol, beginning with what was not consumed. */
  release(): Connection {
    this.#deadline.stop();
    return resumeConnection(this.#connection, this.#rest, this.#input);
  }
}
