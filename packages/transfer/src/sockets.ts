import type { Readable, Writable } from 'node:stream';
import { errnoText } from '@deltawire/filesystem';
import { RsyncError } from '@deltawire/protocol';
import type { Connection } from './connection.ts';

/** Received bytes kept for the consumer before reading from the kernel pauses. */
const INPUT_LIMIT = 1 << 20;
/** Bytes handed to the stream but not yet to the kernel before `write` makes its caller wait. */
const OUTPUT_LIMIT = 256 << 10;

/** A `Connection` that remembers how it broke. */
export interface StreamConnection extends Connection {
  /** Bytes received so far. */
  readonly bytesReceived: number;
  /** The first failed write; the peer's words that had already arrived are still in `input`. */
  readonly writeError: Error | undefined;
}

/** What joins the two streams decides the exit code of a failure. */
export interface StreamKind {
  /** `socket`: failures end with exit code 10; `pipe`: with 12. */
  readonly kind: 'socket' | 'pipe';
}

type WriteCallback = (error?: Error | null) => void;

/** The received chunks, in order, and how the stream ended. */
class Inbox {
  readonly #readable: Readable;
  readonly #chunks: Uint8Array[] = [];
  #head = 0;
  #queued = 0;
  #ended = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;
  bytesReceived = 0;

  constructor(readable: Readable) {
    this.#readable = readable;
    readable.on('data', (chunk: Uint8Array) => {
      this.#chunks.push(chunk);
      this.#queued += chunk.length;
      this.bytesReceived += chunk.length;
      if (this.#queued > INPUT_LIMIT) readable.pause();
      this.#wake?.();
    });
    readable.once('end', () => this.#finish(undefined));
    readable.once('close', () => this.#finish(undefined));
    readable.on('error', (error: Error) => this.#finish(error));
  }

  #finish(failure: Error | undefined): void {
    if (!this.#ended) this.#failure = failure;
    this.#ended = true;
    this.#wake?.();
  }

  /** The next chunk; undefined at the end of input. Throws the read error after the last chunk. */
  async take(): Promise<Uint8Array | undefined> {
    for (;;) {
      const chunk = this.#chunks[this.#head];
      if (chunk !== undefined) {
        this.#advance(chunk.length);
        return chunk;
      }
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  #advance(bytes: number): void {
    this.#head++;
    // The array is emptied when it is used up, so that taking a chunk costs no shifting.
    if (this.#head === this.#chunks.length) {
      this.#chunks.length = 0;
      this.#head = 0;
    }
    this.#queued -= bytes;
    if (this.#queued <= INPUT_LIMIT / 2 && this.#readable.isPaused()) this.#readable.resume();
  }
}

/** Queued writes, whose failure never destroys the reading half. */
class Outbox {
  readonly #writable: Writable;
  #queued = 0;
  #waiting: (() => void)[] = [];
  error: Error | undefined;

  constructor(writable: Writable) {
    this.#writable = writable;
    this.#keepReadingAfterFailure();
    writable.on('error', (error: Error) => this.#fail(error));
    writable.once('close', () => this.#release());
  }

  /**
   * A failed write makes Node destroy a socket together with everything the kernel still holds
   * for reading: the peer's own reason for going away. So failures are noted here and kept from
   * the stream.
   */
  #keepReadingAfterFailure(): void {
    const stream = this.#writable;
    const write = stream._write.bind(stream);
    const writev = stream._writev?.bind(stream);
    // Streams of files have none.
    const final = (stream._final as Writable['_final'] | undefined)?.bind(stream);
    const note =
      (callback: WriteCallback): WriteCallback =>
      (error) => {
        // A stream that we destroyed cancels its writes: that is no failure of the peer's.
        if (error && !stream.destroyed) this.#fail(error);
        callback();
      };
    stream._write = (chunk, encoding, callback) =>
      this.error ? callback() : write(chunk, encoding, note(callback));
    if (writev) {
      stream._writev = (chunks, callback) =>
        this.error ? callback() : writev(chunks, note(callback));
    }
    if (final) stream._final = (callback) => (this.error ? callback() : final(note(callback)));
  }

  #fail(error: Error): void {
    this.error ??= error;
    this.#release();
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  async write(chunks: readonly Uint8Array[]): Promise<void> {
    const stream = this.#writable;
    if (this.error) throw this.error;
    if (stream.destroyed || stream.writableEnded) return;
    let bytes = 0;
    for (const chunk of chunks) bytes += chunk.length;
    if (bytes === 0) return;
    this.#queued += bytes;
    stream.cork();
    const last = chunks.length - 1;
    for (let i = 0; i <= last; i++) {
      stream.write(chunks[i], i === last ? () => this.#wrote(bytes) : undefined);
    }
    stream.uncork();
    if (this.#queued <= OUTPUT_LIMIT) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #wrote(bytes: number): void {
    this.#queued -= bytes;
    if (this.#queued <= OUTPUT_LIMIT) this.#release();
  }

  async end(): Promise<void> {
    const stream = this.#writable;
    if (stream.destroyed || stream.writableFinished) return;
    await new Promise<void>((resolve) => {
      stream.once('close', resolve);
      stream.once('finish', resolve);
      if (!stream.writableEnded) stream.end();
    });
  }
}

/**
 * Make a `Connection` of a socket (pass it twice) or of two pipes. Chunks handed out belong to
 * the consumer; chunks given to `write` belong to the connection until they are sent.
 *
 * When the output breaks, later writes are rejected with the system's error; what the peer sent
 * before it went away stays readable. A failure of the input is thrown behind the last chunk, as an
 * `RsyncError` with exit code 10 for a socket and 12 for pipes.
 */
export function connectStreams(
  readable: Readable,
  writable: Writable,
  o: StreamKind,
): StreamConnection {
  const inbox = new Inbox(readable);
  const outbox = new Outbox(writable);
  const exitCode = o.kind === 'socket' ? 10 : 12;

  async function* input(): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      let chunk: Uint8Array | undefined;
      try {
        chunk = await inbox.take();
      } catch (cause) {
        const message = `read error: ${errnoText(cause)}`;
        throw new RsyncError(message, { code: 'READ_ERROR', exitCode, cause });
      }
      if (chunk === undefined) return;
      yield chunk;
    }
  }

  const closed = (stream: Readable | Writable): Promise<void> =>
    new Promise((resolve) => {
      if (stream.closed) return resolve();
      stream.once('close', () => resolve());
      stream.destroy();
    });

  return {
    input: input(),
    write: (chunks) => outbox.write(chunks),
    end: () => outbox.end(),
    async close() {
      await Promise.all([closed(readable), closed(writable)]);
    },
    get bytesReceived() {
      return inbox.bytesReceived;
    },
    get writeError() {
      return outbox.error;
    },
  };
}
