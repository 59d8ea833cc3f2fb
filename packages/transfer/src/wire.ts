import {
  type ByteReader,
  ByteWriter,
  DecodeBuffer,
  ExitCode,
  MessageTag,
  MuxDecoder,
  MuxEncoder,
  type MuxMessage,
  ProtocolError,
  RsyncError,
} from '@deltawire/protocol';
import type { Connection } from './connection.ts';

/** Staged bytes that are framed at once instead of waiting for the end of the turn. */
const FLUSH_BYTES = 32 * 1024;
/** Bytes handed to the connection and not yet accepted: beyond this, producers wait. */
const CONGESTED_BYTES = 512 * 1024;
/** Input kept while only writing goes on; the peer may need us to read before it can. */
const READ_AHEAD_BYTES = 4 * 1024 * 1024;

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
  readonly #handlers: WireHandlers;
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #buffer: DecodeBuffer = new DecodeBuffer();
  readonly #ready: Uint8Array[] = [];
  #readyBytes = 0;
  #decoder: MuxDecoder | undefined;
  #encoder: MuxEncoder | undefined;
  #stepwise = false;
  #paused = false;
  #undecoded: Uint8Array | undefined;
  #pulling: Promise<void> | undefined;
  #ended = false;
  #readError: unknown;

  /** Bytes for the peer; call {@link Wire.send} after a group of writes. */
  readonly out: ByteWriter = new ByteWriter();
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #pumping = false;
  #flushScheduled = false;
  #writeError: unknown;
  #wake: (() => void)[] = [];
  #failure: Error | undefined;
  #stopped: Error | undefined;
  #stop: (() => void) | undefined;
  /** Bytes per second; 0 for no limit. */
  #bytesPerSecond = 0;
  #allowance = 0;
  #allowanceAt = 0;

  bytesRead = 0;
  bytesWritten = 0;
  /** Milliseconds (monotonic) of the last byte read or accepted by the connection. */
  lastActivity: number = performance.now();
  lastWrite: number = performance.now();

  constructor(connection: Connection, handlers: WireHandlers) {
    this.#connection = connection;
    this.#handlers = handlers;
    this.#iterator = connection.input[Symbol.asyncIterator]();
  }

  // ------------------------------------------------------------------------------- reading

  /** From here on the peer's bytes are frames (docs/spec/session.md §5.5). */
  startInputMux(role: 'client' | 'server', stepwise: boolean = false): void {
    this.#stepwise = stepwise;
    const raw = this.#buffer.takeAvailable(Number.MAX_SAFE_INTEGER).slice();
    const waiting = this.#ready.splice(0);
    this.#readyBytes = 0;
    this.#decoder = new MuxDecoder({
      role,
      onData: (view) => {
        if (view.length === 0) return;
        this.#ready.push(view);
        this.#readyBytes += view.length;
      },
      onMessage: (message) => this.#handlers.onMessage(message),
    });
    for (const chunk of [raw, ...waiting]) if (chunk.length > 0) this.#decode(chunk);
  }

  /**
   * Names of `--files-from` arrive unframed below protocol 31: from here on bytes are taken as they
   * are. Only after `startInputMux` with `stepwise`, which takes frames apart one by one.
   */
  pauseInputMux(): void {
    this.#paused = true;
    const raw = this.#undecoded;
    this.#undecoded = undefined;
    if (raw !== undefined) this.#accept(raw);
  }

  /** The end of what {@link Wire.pauseInputMux} began. */
  resumeInputMux(): void {
    this.#paused = false;
    this.#stepwise = false;
    const raw = this.#buffer.takeAvailable(Number.MAX_SAFE_INTEGER).slice();
    const waiting = this.#ready.splice(0);
    this.#readyBytes = 0;
    for (const chunk of [raw, ...waiting]) if (chunk.length > 0) this.#decode(chunk);
  }

  #accept(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#ready.push(bytes);
    this.#readyBytes += bytes.length;
  }

  #decode(chunk: Uint8Array): void {
    const decoder = this.#decoder;
    if (decoder === undefined || this.#paused) this.#accept(chunk);
    else if (!this.#stepwise) decoder.push(chunk);
    else this.#step(chunk);
  }

  /** One frame at a time: the bytes behind it may turn out not to be framed. */
  #step(chunk: Uint8Array): void {
    let bytes = chunk;
    if (this.#undecoded !== undefined) {
      bytes = new Uint8Array(this.#undecoded.length + chunk.length);
      bytes.set(this.#undecoded);
      bytes.set(chunk, this.#undecoded.length);
      this.#undecoded = undefined;
    }
    const end = this.#decoder!.step(bytes, 0);
    if (end < bytes.length) this.#undecoded = bytes.subarray(end);
  }

  /** Decode one value from what has arrived, or undefined when more bytes are needed. */
  attempt<T>(read: (reader: ByteReader) => T): T | undefined {
    for (;;) {
      const value = this.#buffer.attempt(read);
      if (value !== undefined || !this.#takeReady()) return value;
    }
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
    if (this.#buffer.pending === 0) this.#takeReady();
    return this.#buffer.takeAvailable(max);
  }

  /** Wait for more input. Throws when the connection ended instead. */
  async fill(): Promise<void> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#stopped !== undefined) throw this.#stopped;
      if (this.#takeReady()) return;
      if (this.#ended) throw this.#endOfInput();
      await this.#pullUnlessStopped();
    }
  }

  /** Whether input is waiting to be decoded. */
  get hasInput(): boolean {
    return this.#buffer.pending > 0 || this.#ready.length > 0;
  }

  #takeReady(): boolean {
    if (this.#ready.length === 0 && this.#undecoded !== undefined) this.#step(new Uint8Array(0));
    const view = this.#ready.shift();
    if (view === undefined) return false;
    this.#readyBytes -= view.length;
    this.#buffer.push(view);
    return true;
  }

  #pull(): Promise<void> {
    this.#pulling ??= this.#pullOnce().finally(() => {
      this.#pulling = undefined;
    });
    return this.#pulling;
  }

  /** Only one task reads; when another one fails, it must not wait for a peer that has nothing to say. */
  async #pullUnlessStopped(): Promise<void> {
    const pull = this.#pull();
    const stop = new Promise<void>((resolve) => {
      this.#stop = resolve;
    });
    await Promise.race([pull, stop]);
    this.#stop = undefined;
  }

  async #pullOnce(): Promise<void> {
    try {
      const { value, done } = await this.#iterator.next();
      if (done === true) {
        this.#ended = true;
        return;
      }
      this.bytesRead += value.length;
      this.lastActivity = performance.now();
      this.#decode(value);
    } catch (error) {
      if (error instanceof RsyncError) this.#failure ??= error;
      else this.#readError ??= error;
      this.#ended = true;
    }
  }

  #endOfInput(): Error {
    const cause = this.#readError ?? this.#writeError;
    if (cause !== undefined) {
      const text = cause instanceof Error ? cause.message : String(cause);
      return new RsyncError(`connection to the peer was lost: ${text}`, {
        code: 'CONNECTION_LOST',
        exitCode: this.#readError === undefined ? ExitCode.STREAM : ExitCode.SOCKET,
        cause,
      });
    }
    return new ProtocolError(
      `connection unexpectedly closed (${this.bytesRead} bytes received so far)`,
      { exitCode: ExitCode.STREAM },
    );
  }

  // ------------------------------------------------------------------------------- writing

  /** From here on our bytes are sent as frames. */
  startOutputMux(): void {
    this.flush();
    this.#encoder = new MuxEncoder();
  }

  /** Whether messages can be sent: our direction is framed. */
  get framed(): boolean {
    return this.#encoder !== undefined;
  }

  /** Note that `out` has grown: it leaves at the end of this turn, or now when it is large. */
  send(): void {
    if (this.out.length >= FLUSH_BYTES) this.flush();
    else if (!this.#flushScheduled) {
      this.#flushScheduled = true;
      setImmediate(() => {
        this.#flushScheduled = false;
        this.flush();
      });
    }
  }

  /** Send a large run of bytes (literal data) behind what is in `out`. The bytes are copied. */
  sendBytes(bytes: Uint8Array): void {
    this.out.bytes(bytes);
    if (this.out.length >= FLUSH_BYTES) this.flush();
  }

  /** Send bytes outside the frames, behind everything written so far. */
  sendRaw(bytes: Uint8Array): void {
    this.flush();
    if (bytes.length > 0) this.#enqueue([bytes]);
  }

  /** Count bytes from here on: the handshake is not part of the statistics. */
  startCounting(): void {
    this.flush();
    this.bytesWritten = 0;
    this.bytesRead = this.#buffer.pending + this.#readyBytes;
  }

  /** Send a message frame; it may overtake nothing that was written before it. */
  message(tag: number, payload: Uint8Array): void {
    if (this.#encoder === undefined) return;
    this.flush();
    this.#encoder.message(tag, payload);
    this.#enqueue(this.#encoder.take());
  }

  /** An empty DATA frame: ignored by the peer, but it proves that we are alive. */
  keepAlive(): void {
    if (this.#encoder !== undefined && this.#queuedBytes === 0) {
      this.message(MessageTag.DATA, new Uint8Array(0));
    }
  }

  /** Hand everything written so far to the connection. */
  flush(): void {
    if (this.out.length === 0) return;
    const bytes = this.out.take();
    if (this.#encoder === undefined) {
      this.#enqueue([bytes]);
    } else {
      this.#encoder.data(bytes);
      this.#enqueue(this.#encoder.take());
    }
  }

  /** Whether producers should wait before writing more. */
  get congested(): boolean {
    return this.#queuedBytes > CONGESTED_BYTES;
  }

  /** Wait until there is room for more output; input is buffered meanwhile, within bounds. */
  async drained(): Promise<void> {
    while (
      this.congested &&
      this.#failure === undefined &&
      this.#stopped === undefined &&
      this.#writeError === undefined
    ) {
      const progress = new Promise<void>((resolve) => {
        this.#wake.push(resolve);
      });
      const reads = !this.#ended && this.#readyBytes < READ_AHEAD_BYTES;
      await (reads ? Promise.race([progress, this.#pull()]) : progress);
    }
    const failure = this.#failure ?? this.#stopped;
    if (failure !== undefined) throw failure;
  }

  /** Limit the output to `bytesPerSecond` (0: no limit). */
  limit(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond;
    this.#allowance = 0;
    this.#allowanceAt = performance.now();
  }

  #enqueue(chunks: readonly Uint8Array[]): void {
    if (this.#writeError !== undefined) return; // the reader learns why
    for (const chunk of chunks) {
      this.#queue.push(chunk);
      this.#queuedBytes += chunk.length;
      this.bytesWritten += chunk.length;
    }
    if (!this.#pumping) void this.#pump();
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    try {
      while (this.#queue.length > 0) {
        const batch = this.#bytesPerSecond > 0 ? this.#queue.splice(0, 1) : this.#queue;
        if (batch === this.#queue) this.#queue = [];
        let size = 0;
        for (const chunk of batch) size += chunk.length;
        if (this.#bytesPerSecond > 0) await this.#pace(size);
        await this.#connection.write(batch);
        this.#queuedBytes -= size;
        this.lastActivity = performance.now();
        this.lastWrite = this.lastActivity;
        this.#wakeAll();
      }
    } catch (error) {
      this.#writeError = error;
      this.#queue = [];
      this.#queuedBytes = 0;
    } finally {
      this.#pumping = false;
      this.#wakeAll();
    }
  }

  async #pace(size: number): Promise<void> {
    const now = performance.now();
    const earned = ((now - this.#allowanceAt) / 1000) * this.#bytesPerSecond;
    this.#allowance = Math.min(this.#allowance + earned, this.#bytesPerSecond / 10);
    this.#allowanceAt = now;
    this.#allowance -= size;
    if (this.#allowance < 0) {
      const ms = (-this.#allowance / this.#bytesPerSecond) * 1000;
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  }

  #wakeAll(): void {
    for (const resolve of this.#wake.splice(0)) resolve();
  }

  // ----------------------------------------------------------------------------- the end

  /** Make reads and waits fail with `error` while the connection stays open for a last message. */
  stopReading(error: Error): void {
    this.#stopped ??= error;
    this.#wakeAll();
    this.#stop?.();
  }

  /** Make every pending and later read and wait fail with `error`. */
  fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#wakeAll();
    void this.#connection.close().catch(() => {
      // The connection is given up because of `error`; that it cannot even be closed adds nothing.
    });
  }

  /** Wait until everything written has been accepted by the connection. */
  async settle(): Promise<void> {
    this.flush();
    while (this.#pumping && this.#failure === undefined) {
      const progress = new Promise<void>((resolve) => {
        this.#wake.push(resolve);
      });
      const reads = !this.#ended && this.#readyBytes < READ_AHEAD_BYTES;
      await (reads ? Promise.race([progress, this.#pull()]) : progress);
    }
  }

  /**
   * Orderly end: send what is left, half-close, read to the peer's end (it may still be writing;
   * closing early would reset the connection under it), at most `waitMs`.
   */
  async finish(waitMs: number): Promise<void> {
    await this.settle();
    await this.#connection.end();
    const deadline = performance.now() + waitMs;
    while (!this.#ended && this.#failure === undefined && performance.now() < deadline) {
      this.#ready.length = 0;
      this.#readyBytes = 0;
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, deadline - performance.now());
      });
      await Promise.race([this.#pull(), timeout]);
      clearTimeout(timer);
    }
    await this.#connection.close();
  }
}
