import {
  type ByteReader,
  type ByteWriter,
  ExitCode,
  MessageTag,
  type MuxMessage,
  ProtocolError,
  RsyncError,
} from '@deltawire/protocol';
import type { Connection } from './connection.ts';
import { WireInput } from './wire-input.ts';
import { WireOutput } from './wire-output.ts';

/** Milliseconds that a peer which takes nothing any more gets for its last words. */
const LAST_WORDS_MS = 2000;

/** What a wire tells its owner. */
export interface WireHandlers {
  /** A message other than DATA arrived. Called in arrival order, between reads. */
  onMessage(message: MuxMessage): void;
}

/**
 * One multiplexed connection as a reader of values and a writer of bytes.
 *
 * Reading and writing are independent: a producer that waits for room keeps the input moving, and
 * output is coalesced until the end of the event-loop turn. Decoding is synchronous
 * ({@link Wire.attempt}); `await` happens once per chunk ({@link Wire.fill}).
 */
export class Wire {
  readonly #connection: Connection;
  readonly #input: WireInput;
  readonly #output: WireOutput;
  #waiting: (() => void)[] = [];
  /** The connection is given up. */
  #failure: Error | undefined;
  /** Nothing more is read or waited for, but the peer can still be told why. */
  #stopped: Error | undefined;
  #stop: (() => void) | undefined;

  constructor(connection: Connection, handlers: WireHandlers) {
    this.#connection = connection;
    this.#input = new WireInput(connection, (message) => handlers.onMessage(message));
    this.#output = new WireOutput(connection, () => this.#wake());
  }

  get bytesRead(): number {
    return this.#input.bytesRead;
  }

  get bytesWritten(): number {
    return this.#output.bytesWritten;
  }

  /** Monotonic milliseconds of the last byte read or accepted by the connection. */
  get lastActivity(): number {
    return Math.max(this.#input.lastRead, this.#output.lastWrite);
  }

  get lastWrite(): number {
    return this.#output.lastWrite;
  }

  /** Count bytes from here on: the handshake is not part of the statistics. */
  startCounting(): void {
    this.flush();
    this.#output.bytesWritten = 0;
    this.#input.bytesRead = this.#input.pending;
  }

  // ------------------------------------------------------------------------------- reading

  /**
   * From here on the peer's bytes are frames (docs/spec/session.md §5.5); `stepwise` when
   * {@link Wire.pauseInputMux} will follow.
   */
  startInputMux(role: 'client' | 'server', stepwise: boolean = false): void {
    this.#input.startMux(role, stepwise);
  }

  /**
   * Names of `--files-from` arrive unframed below protocol 31: from here on bytes are taken as they
   * are.
   */
  pauseInputMux(): void {
    this.#input.pauseMux();
  }

  /** The end of what {@link Wire.pauseInputMux} began. */
  resumeInputMux(): void {
    this.#input.resumeMux();
  }

  /** Decode one value from what has arrived, or undefined when more bytes are needed. */
  attempt<T>(read: (reader: ByteReader) => T): T | undefined {
    return this.#input.attempt(read);
  }

  /** Decode one value, waiting for input as needed. */
  async read<T>(read: (reader: ByteReader) => T): Promise<T> {
    for (;;) {
      const value = this.attempt(read);
      if (value !== undefined) return value;
      await this.fill();
    }
  }

  /** Up to `max` bytes that have arrived, as a view; empty when none are there. */
  takeAvailable(max: number): Uint8Array {
    return this.#input.takeAvailable(max);
  }

  /** Wait for more input. Throws when the connection ended instead. */
  async fill(): Promise<void> {
    for (;;) {
      const reason = this.#failure ?? this.#input.violation ?? this.#stopped;
      if (reason !== undefined) throw reason;
      if (this.#input.takeReady()) return;
      if (this.#input.ended) throw this.#endOfInput();
      await this.#pullUnlessStopped();
    }
  }

  /** Only one task reads; when another one fails, it must not wait for a peer that is silent. */
  async #pullUnlessStopped(): Promise<void> {
    const stop = new Promise<void>((resolve) => {
      this.#stop = resolve;
    });
    await Promise.race([this.#input.pull(), stop]);
    this.#stop = undefined;
  }

  #endOfInput(): Error {
    const { readError, bytesRead } = this.#input;
    const cause = readError ?? this.#output.error;
    if (cause !== undefined) {
      const text = cause instanceof Error ? cause.message : String(cause);
      return new RsyncError(`connection to the peer was lost: ${text}`, {
        code: 'CONNECTION_LOST',
        exitCode: readError === undefined ? ExitCode.STREAM : ExitCode.SOCKET,
        cause,
      });
    }
    return new ProtocolError(
      `connection unexpectedly closed (${bytesRead} bytes received so far)`,
      { exitCode: ExitCode.STREAM },
    );
  }

  // ------------------------------------------------------------------------------- writing

  /** Bytes for the peer; call {@link Wire.send} after a group of writes. */
  get out(): ByteWriter {
    return this.#output.staged;
  }

  /** From here on our bytes are sent as frames. */
  startOutputMux(): void {
    this.#output.startMux();
  }

  /** Whether messages can be sent: our direction is framed. */
  get framed(): boolean {
    return this.#output.framed;
  }

  /** Note that `out` has grown: it leaves at the end of this turn, or now when it is large. */
  send(): void {
    this.#output.send();
  }

  /** Send a large run of bytes (literal data) behind what is in `out`. The bytes are copied. */
  sendBytes(bytes: Uint8Array): void {
    this.out.bytes(bytes);
    this.send();
  }

  /** Send bytes outside the frames, behind everything written so far. */
  sendRaw(bytes: Uint8Array): void {
    this.#output.raw(bytes);
  }

  /**
   * Send a message frame. It overtakes nothing that was written before it, or what has not left
   * this side yet.
   */
  message(tag: number, payload: Uint8Array, overtakes = false): void {
    this.#output.message(tag, payload, overtakes);
  }

  /** An empty DATA frame: ignored by the peer, but it proves that we are alive. */
  keepAlive(): void {
    if (this.#output.idle) this.message(MessageTag.DATA, new Uint8Array(0));
  }

  /** Hand everything written so far to the connection. */
  flush(): void {
    this.#output.flush();
  }

  /** Whether producers should wait before writing more. */
  get congested(): boolean {
    return this.#output.congested;
  }

  /** The connection takes nothing any more: what is written is dropped. */
  get broken(): boolean {
    return this.#output.error !== undefined;
  }

  /**
   * For one who mostly writes, when the connection is {@link Wire.broken}: waits a moment for what
   * the peer has said about it, and throws that or the loss.
   */
  async giveUp(): Promise<never> {
    await this.linger(LAST_WORDS_MS);
    throw this.#failure ?? this.#input.violation ?? this.#stopped ?? this.#endOfInput();
  }

  /** Wait until there is room for more output; input is buffered meanwhile, within bounds. */
  async drained(): Promise<void> {
    while (this.congested && this.#reason === undefined && this.#output.error === undefined) {
      await this.#progress();
    }
    if (this.#reason !== undefined) throw this.#reason;
  }

  /** Limit the output to `bytesPerSecond`. */
  limit(bytesPerSecond: number): void {
    this.#output.limit(bytesPerSecond);
  }

  get #reason(): Error | undefined {
    return this.#failure ?? this.#stopped;
  }

  /** Until something was written; the input moves meanwhile. */
  async #progress(): Promise<void> {
    const written = new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
    await (this.#input.hasRoom ? Promise.race([written, this.#input.pull()]) : written);
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  // ------------------------------------------------------------------------------- records

  /** From here on `record` gets what the peer says, without messages. */
  recordInput(record: (bytes: Uint8Array) => void): void {
    this.#input.record = record;
  }

  /** From here on `record` gets what is said to the peer, without messages. */
  recordOutput(record: (bytes: Uint8Array) => void): void {
    this.#output.record(record);
  }

  /** Between a true and a false only the record of the output gets what is written. */
  divert(diverted: boolean): void {
    this.#output.divert(diverted);
  }

  // ----------------------------------------------------------------------------- the end

  /** Make reads and waits fail with `error` while the connection stays open for a last message. */
  stopReading(error: Error): void {
    this.#stopped ??= error;
    this.#wake();
    this.#stop?.();
  }

  /** Give the connection up: every pending and later read and wait fails with `error`. */
  fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#wake();
    this.#stop?.();
    void this.#connection.close().catch(() => {
      // The connection is given up because of `error`; that it cannot even be closed adds nothing.
    });
  }

  /** Wait until everything written has been accepted by the connection. */
  async settle(): Promise<void> {
    this.flush();
    while (this.#output.pumping && this.#failure === undefined) await this.#progress();
  }

  /**
   * Orderly end: send what is left, half-close, read to the peer's end (it may still be writing;
   * closing early would reset the connection under it), at most `waitMs`.
   */
  async finish(waitMs: number): Promise<void> {
    const deadline = performance.now() + waitMs;
    await before(deadline, this.settle());
    await this.#connection.end();
    await this.linger(deadline - performance.now());
    await this.#connection.close();
  }

  /** Send what is left and wait, at most `waitMs`, for the peer's end; what it says is dropped. */
  async linger(waitMs: number): Promise<void> {
    const deadline = performance.now() + waitMs;
    await before(deadline, this.settle());
    while (!this.#input.ended && this.#failure === undefined && performance.now() < deadline) {
      this.#input.discard();
      await before(deadline, this.#input.pull());
    }
  }
}

/** Wait for `work`, but not beyond `deadline` (monotonic milliseconds). */
async function before(deadline: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, deadline - performance.now()));
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
