import { writeSync } from 'node:fs';

/** Where text goes: descriptor 1 or 2 behind a buffer. All text is a byte string. */
export interface TextSink {
  write(bytes: string): void;
  /** Hand everything buffered to the operating system; resolves when it has taken it. */
  flush(): Promise<void>;
}

const FLUSH_BYTES = 64 * 1024;

/** When standard output is written: at once, by lines, or by blocks; else at the end of the tick. */
type OutputBuffer = 'N' | 'L' | 'B';

/** Standard output and standard error. */
export interface Output {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** `--outbuf`: how standard output is written from here on. */
  bufferOutput(mode: OutputBuffer): void;
  /** Flush both; call before the process ends. */
  flush(): Promise<void>;
}

/**
 * Writes standard output and standard error: what one tick prints is one system call, and errors
 * come after the output that was printed before them. A reader that has gone away (EPIPE) is not an
 * error: the transfer goes on without a listener.
 */
export class ConsoleWriter implements Output {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly #out: BufferedSink;

  constructor(
    write: (fd: 1 | 2, bytes: Uint8Array) => Promise<void> | undefined = writeDescriptor,
  ) {
    const out = new BufferedSink((bytes) => write(1, bytes));
    const err = new BufferedSink((bytes) => write(2, bytes));
    this.stdout = out;
    this.#out = out;
    this.stderr = {
      write: (bytes) => {
        out.flushNow();
        err.write(bytes);
      },
      flush: () => err.flush(),
    };
  }

  bufferOutput(mode: OutputBuffer): void {
    this.#out.mode = mode;
  }

  async flush(): Promise<void> {
    await this.stdout.flush();
    await this.stderr.flush();
  }
}

class BufferedSink implements TextSink {
  readonly #send: (bytes: Uint8Array) => Promise<void> | undefined;
  mode: OutputBuffer | undefined;
  #text = '';
  #scheduled = false;
  #sent: Promise<void> | undefined;

  constructor(send: (bytes: Uint8Array) => Promise<void> | undefined) {
    this.#send = send;
  }

  write(bytes: string): void {
    this.#text += bytes;
    const { mode } = this;
    const ends = mode === 'N' || (mode === 'L' && bytes.includes('\n'));
    if (ends || this.#text.length >= FLUSH_BYTES) {
      this.flushNow();
    } else if (mode === undefined && !this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.flushNow();
      });
    }
  }

  flushNow(): void {
    if (this.#text === '') return;
    const bytes = Buffer.from(this.#text, 'latin1');
    this.#text = '';
    this.#sent = this.#send(bytes) ?? this.#sent;
  }

  async flush(): Promise<void> {
    this.flushNow();
    await this.#sent;
  }
}

const closed = new Set<number>();
const streams = new Map<number, NodeJS.WriteStream>();

/**
 * Write everything to a descriptor. Synchronous as long as the kernel takes it, because creating
 * `process.stdout` costs milliseconds of start-up; a full non-blocking pipe (as ssh leaves behind)
 * hands the rest to the stream, which then keeps the descriptor for good.
 */
function writeDescriptor(fd: 1 | 2, bytes: Uint8Array): Promise<void> | undefined {
  if (closed.has(fd)) return undefined;
  const stream = streams.get(fd);
  if (stream) return writeStream(fd, stream, bytes);
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += writeSync(fd, bytes, offset);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EINTR') continue;
      if (code !== 'EAGAIN') {
        closed.add(fd);
        return undefined;
      }
      const waiting = fd === 1 ? process.stdout : process.stderr;
      streams.set(fd, waiting);
      waiting.on('error', () => closed.add(fd));
      return writeStream(fd, waiting, bytes.subarray(offset));
    }
  }
  return undefined;
}

function writeStream(fd: 1 | 2, stream: NodeJS.WriteStream, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stream.write(bytes, (error) => {
      if (error) closed.add(fd);
      resolve();
    });
  });
}
