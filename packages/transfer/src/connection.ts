import { Fifo } from './fifo.ts';

/**
 * Two directions of bytes: a socket, the pipes of a child process, or an in-memory pair.
 *
 * The peer's bytes arrive through `input` in order; a chunk handed out stays valid for as long as
 * the consumer holds it.
 */
export interface Connection {
  readonly input: AsyncIterable<Uint8Array>;
  /** Resolves when it is right to send more: the promise is the backpressure. */
  write(chunks: readonly Uint8Array[]): Promise<void>;
  /** Half close: nothing more will be written, reading goes on. */
  end(): Promise<void>;
  /** Give the connection up in both directions. */
  close(): Promise<void>;
}

/** Bytes that one direction of an in-memory pair holds before `write` makes its caller wait. */
const PAIR_CAPACITY = 1 << 20;

class Pipe {
  readonly #chunks: Fifo<Uint8Array> = new Fifo();
  #bytes = 0;
  #ended = false;
  #abandoned = false;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;

  async write(chunks: readonly Uint8Array[]): Promise<void> {
    if (this.#abandoned) throw new Error('the other end has closed the connection');
    for (const chunk of chunks) {
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
    }
    this.#wakeReader?.();
    while (this.#bytes > PAIR_CAPACITY && !this.#ended && !this.#abandoned) {
      await new Promise<void>((resolve) => {
        this.#wakeWriter = resolve;
      });
    }
  }

  end(): void {
    this.#ended = true;
    this.#wakeReader?.();
    this.#wakeWriter?.();
  }

  /** Nobody reads any more. */
  abandon(): void {
    this.#abandoned = true;
    this.#wakeReader?.();
    this.#wakeWriter?.();
  }

  async *read(): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        this.#bytes -= chunk.length;
        if (this.#bytes <= PAIR_CAPACITY) this.#wakeWriter?.();
        yield chunk;
      } else if (this.#ended || this.#abandoned) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wakeReader = resolve;
        });
      }
    }
  }
}

/** Two connected ends in one process: what one writes, the other reads. */
export function connectionPair(): [Connection, Connection] {
  const there = new Pipe();
  const back = new Pipe();
  const end = (incoming: Pipe, outgoing: Pipe): Connection => ({
    input: incoming.read(),
    write: (chunks) => outgoing.write(chunks),
    end: async () => outgoing.end(),
    close: async () => {
      outgoing.end();
      incoming.abandon();
    },
  });
  return [end(back, there), end(there, back)];
}
