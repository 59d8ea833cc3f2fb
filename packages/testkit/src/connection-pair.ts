/** The shape that `@deltawire/transfer` calls a connection. */
export interface PairEnd {
  readonly input: AsyncIterable<Uint8Array>;
  write(bytes: Uint8Array | readonly Uint8Array[]): Promise<void>;
  end(): Promise<void>;
  close(): Promise<void>;
}

export interface ConnectionPairOptions {
  /**
   * Bytes that each direction holds before `write` waits. Tiny values find deadlocks.
   * @default 65536
   */
  readonly capacity?: number;
  /** Most bytes in one chunk of `input`. @default 65536 */
  readonly chunkBytes?: number;
}

/** Two connected ends: what one writes, the other reads. Nothing is copied. */
export function connectionPair(options: ConnectionPairOptions = {}): [PairEnd, PairEnd] {
  const { capacity = 65_536, chunkBytes = 65_536 } = options;
  const there = new Pipe(capacity, chunkBytes);
  const back = new Pipe(capacity, chunkBytes);
  const end = (incoming: Pipe, outgoing: Pipe): PairEnd => ({
    input: incoming.read(),
    write: (bytes) => outgoing.write(bytes instanceof Uint8Array ? [bytes] : bytes),
    end: async () => outgoing.end(),
    close: async () => {
      outgoing.end();
      incoming.abandon();
    },
  });
  return [end(back, there), end(there, back)];
}

/** One direction. */
class Pipe {
  readonly #capacity: number;
  readonly #chunkBytes: number;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;
  #ended = false;
  #abandoned = false;
  #changed: Promise<void>;
  #signal: () => void = () => {};

  constructor(capacity: number, chunkBytes: number) {
    this.#capacity = capacity;
    this.#chunkBytes = chunkBytes;
    this.#changed = new Promise((resolve) => {
      this.#signal = resolve;
    });
  }

  /** As with a pipe, a write goes in piece by piece and waits while there is no room. */
  async write(chunks: readonly Uint8Array[]): Promise<void> {
    for (const chunk of chunks) {
      for (let at = 0; at < chunk.length; ) {
        while (this.#bytes >= this.#capacity && !this.#abandoned) await this.#changed;
        if (this.#abandoned) throw new Error('the other end has closed the connection');
        const room = Math.min(this.#capacity - this.#bytes, this.#chunkBytes);
        const piece = chunk.subarray(at, at + room);
        this.#chunks.push(piece);
        this.#bytes += piece.length;
        at += piece.length;
        this.#notify();
      }
    }
  }

  end(): void {
    this.#ended = true;
    this.#notify();
  }

  /** Nobody reads any more. */
  abandon(): void {
    this.#abandoned = true;
    this.#notify();
  }

  async *read(): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        this.#bytes -= chunk.length;
        this.#notify();
        yield chunk;
      } else if (this.#ended || this.#abandoned) return;
      else await this.#changed;
    }
  }

  #notify(): void {
    this.#signal();
    this.#changed = new Promise((resolve) => {
      this.#signal = resolve;
    });
  }
}
