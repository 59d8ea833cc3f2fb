import type { Signature } from '@deltawire/signature';
import { type Answer, answerFor, emptySignature } from './answer.ts';
import { publish } from './diagnostics.ts';
import { Pace } from './pace.ts';
import type { SignaturePool, SignaturePoolOptions } from './pool.ts';
import { SignaturePoolError } from './pool-error.ts';
import {
  SignaturePromise,
  SignatureRequest,
  type SignOptions,
  type SignRequest,
} from './request.ts';
import { isSooner, RequestQueue } from './request-queue.ts';
import { signHere } from './sign-here.ts';
import { SpareCores } from './spare-cores.ts';
import type { PoolStats } from './stats.ts';
import { SumsCursor } from './sums-cursor.ts';
import { UnclaimedResults } from './unclaimed-results.ts';
import { WorkerLog } from './worker-log.ts';
import type { WorkerThreads } from './worker-threads.ts';

/** Why a request is given up that {@link SignaturePool.cancel} was called for. */
const CANCELLED = new SignaturePoolError('CANCELLED', 'the request was given up');

const requestOf = (result: Promise<Signature>): SignatureRequest | undefined =>
  result instanceof SignaturePromise ? result.request : undefined;

/** The pool: admits requests, cuts them into batches, and gives every request its one answer. */
export class WorkerSignaturePool implements SignaturePool {
  readonly #workers: WorkerThreads;
  readonly #spare: SpareCores;
  readonly #queue: RequestQueue;
  readonly #results: UnclaimedResults;
  /** Callers of `sign` that found the queue full, in the order of asking. */
  readonly #waiting = new Set<SignatureRequest>();
  readonly #running = new Set<SignatureRequest>();
  readonly #pace = new Pace();
  readonly #log = new WorkerLog();
  #roomWaiters: { readonly fileLength: number; readonly resolve: () => void }[] = [];
  #idleWaiters: (() => void)[] = [];
  #scheduled = false;
  #closed = false;
  #sequence = 0;
  /** Batches that workers have. */
  #batches = 0;
  #runningBytes = 0;
  #counts = { done: 0, failed: 0, cancelled: 0, inline: 0 };
  #bytesRead = 0;
  #waitMs = 0;
  #busyMs = 0;

  constructor(workers: WorkerThreads, threads: number, options: SignaturePoolOptions) {
    const { maxQueuedFiles = 1024, maxQueuedBytes = 2 ** 28, maxResultBytes = 2 ** 26 } = options;
    this.#workers = workers;
    this.#spare = new SpareCores(threads);
    this.#queue = new RequestQueue(maxQueuedFiles, maxQueuedBytes);
    this.#results = new UnclaimedResults(maxResultBytes, () => this.#schedule());
  }

  sign(request: SignRequest, options: SignOptions = {}): Promise<Signature> {
    return this.#add(request, options).promise;
  }

  trySign(request: SignRequest, options: SignOptions = {}): Promise<Signature> | undefined {
    if (this.#closed || !this.#hasRoom(request.layout.fileLength)) return undefined;
    return this.#add(request, options).promise;
  }

  signInline(request: SignRequest): Signature {
    return signHere(request, (bytes) => {
      this.#counts.inline++;
      this.#bytesRead += bytes;
    });
  }

  room(fileLength = 0): Promise<void> {
    if (this.#closed || this.#hasRoom(fileLength)) return Promise.resolve();
    return new Promise((resolve) => this.#roomWaiters.push({ fileLength, resolve }));
  }

  prioritize(result: Promise<Signature>, priority: number): void {
    const request = requestOf(result);
    if (request === undefined || request.state === 'settled') return;
    request.priority = priority;
    if (this.#queue.has(request)) this.#queue.reorder(request);
  }

  cancel(result: Promise<Signature>): void {
    const request = requestOf(result);
    if (request !== undefined) this.#giveUp(request, CANCELLED);
  }

  stats(): PoolStats {
    return {
      threads: this.#workers.count,
      threadsAllowed: this.#spare.threads,
      waiting: this.#waiting.size,
      queued: this.#queue.length,
      queuedBytes: this.#queue.bytes,
      running: this.#running.size,
      ...this.#counts,
      resultBytes: this.#results.bytes,
      bytesRead: this.#bytesRead,
      waitMs: this.#waitMs,
      busyMs: this.#busyMs,
      workers: this.#log.stats(),
    };
  }

  async close(options: { readonly cancel?: boolean } = {}): Promise<void> {
    this.#closed = true;
    if (options.cancel === true) {
      const reason = new SignaturePoolError('CLOSED', 'the signature pool was closed');
      const unfinished = [...this.#queue, ...this.#waiting, ...this.#running];
      for (const request of unfinished) this.#giveUp(request, reason);
    } else {
      // Nobody may come back for the results before `close` returns, so they cannot be waited for.
      this.#results.lift();
    }
    this.#dispatch();
    while (!this.#isIdle) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
    await this.#workers.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close({ cancel: true });
  }

  get #isIdle(): boolean {
    return this.#queue.length + this.#waiting.size + this.#running.size === 0;
  }

  #hasRoom(fileLength: number): boolean {
    return this.#waiting.size === 0 && this.#queue.hasRoom(fileLength);
  }

  #add(asked: SignRequest, { signal, priority = 0 }: SignOptions): SignatureRequest {
    const request = new SignatureRequest(asked, this.#sequence++, priority);
    const refusal = this.#refusal(asked);
    if (refusal !== undefined) this.#settle(request, refusal);
    else if (signal?.aborted) this.#settle(request, { cancelled: signal.reason });
    else if (asked.layout.blockCount === 0) this.#settle(request, emptySignature(asked));
    else this.#enter(request, signal);
    return request;
  }

  #refusal({ layout, checksum }: SignRequest): SignaturePoolError | undefined {
    if (this.#closed) return new SignaturePoolError('CLOSED', 'the signature pool is closed');
    if (layout.strongLength <= checksum.digestLength) return undefined;
    const message = `${layout.strongLength} bytes of ${checksum.name} asked for, it has ${checksum.digestLength}`;
    return new SignaturePoolError('DIGEST_TOO_SHORT', message);
  }

  #enter(request: SignatureRequest, signal: AbortSignal | undefined): void {
    if (signal !== undefined) request.watch(signal, (reason) => this.#giveUp(request, reason));
    request.promise.onClaim = () => {
      request.claimed = true;
      this.#results.release(request);
      if (request.state !== 'settled') this.#schedule();
    };
    if (this.#hasRoom(request.layout.fileLength)) this.#enqueue(request);
    else this.#waiting.add(request);
    this.#schedule();
  }

  #enqueue(request: SignatureRequest): void {
    request.state = 'queued';
    this.#queue.add(request);
  }

  /** Let those who wait into the queue, as far as there is room. */
  #admit(): void {
    for (const request of this.#waiting) {
      if (!this.#queue.hasRoom(request.layout.fileLength)) return;
      this.#waiting.delete(request);
      this.#enqueue(request);
    }
    this.#roomWaiters = this.#roomWaiters.filter(({ fileLength, resolve }) => {
      if (!this.#closed && !this.#queue.hasRoom(fileLength)) return true;
      resolve();
      return false;
    });
  }

  /** Give work to workers soon; at once when there is a batch full of it. */
  #schedule(): void {
    const { batchBytes, batchFiles } = this.#pace;
    if (this.#queue.bytes >= batchBytes || this.#queue.length >= batchFiles) {
      this.#dispatch();
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#dispatch();
      });
    }
  }

  #dispatch(): void {
    this.#admit();
    while (this.#batches < this.#threadsWanted()) {
      const batch = this.#takeBatch();
      if (batch.length === 0) break;
      void this.#run(batch);
    }
    if (!this.#isIdle) return;
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }

  #threadsWanted(): number {
    const bytes = this.#queue.bytes + this.#runningBytes;
    const files = this.#queue.length + this.#running.size;
    return Math.min(this.#spare.threads, this.#pace.threadsFor(bytes, files));
  }

  #takeBatch(): SignatureRequest[] {
    const { batchBytes, batchFiles } = this.#pace;
    const batch: SignatureRequest[] = [];
    let bytes = 0;
    while (batch.length < batchFiles) {
      const request = this.#next();
      if (request === undefined) break;
      bytes += request.layout.fileLength;
      if (batch[0] !== undefined && (bytes > batchBytes || !request.sharesBatch(batch[0]))) break;
      this.#queue.remove(request);
      this.#waiting.delete(request);
      this.#results.hold(request);
      batch.push(request);
      this.#admit();
    }
    return batch;
  }

  /** The most urgent request that may run; when results lie about, the most urgent somebody waits for. */
  #next(): SignatureRequest | undefined {
    const first = this.#queue.first();
    if (first === undefined || this.#results.allows(first)) return first;
    let found: SignatureRequest | undefined;
    for (const request of this.#queue) {
      if (request.claimed && (found === undefined || isSooner(request, found))) found = request;
    }
    if (found !== undefined) return found;
    for (const request of this.#waiting) if (request.claimed) return request;
    return undefined;
  }

  async #run(batch: readonly SignatureRequest[]): Promise<void> {
    const started = performance.now();
    const bytes = batch.reduce((sum, request) => sum + request.layout.fileLength, 0);
    const cancelled = new Int32Array(new SharedArrayBuffer(4 * batch.length));
    this.#batches++;
    this.#runningBytes += bytes;
    batch.forEach((request, i) => {
      this.#running.add(request);
      this.#waitMs += started - request.askedAt;
      request.start(() => Atomics.store(cancelled, i, 1));
    });
    try {
      const files = batch.map(({ fd, layout }) => ({ fd, layout }));
      const reply = await this.#workers.run({ checksum: batch[0]!.checksum, files, cancelled });
      this.#bytesRead += reply.bytesRead;
      this.#busyMs += reply.busyMs;
      this.#log.add(reply);
      this.#pace.learn(reply.busyMs, reply.bytesRead, batch.length);
      this.#spare.learn(reply.busyMs);
      const sums = new SumsCursor(reply.sums);
      batch.forEach((request, i) => {
        const signature = sums.next(request.layout);
        this.#settle(request, answerFor(request, reply.outcomes[i], signature));
      });
      const { bytesRead, busyMs, threadId } = reply;
      publish(() => ({
        kind: 'batch',
        files: batch.length,
        bytesRead,
        busyMs,
        threadId,
        stats: this.stats(),
      }));
    } catch (error) {
      for (const request of batch) this.#settle(request, request.cancelled ?? (error as Error));
    }
    this.#batches--;
    this.#runningBytes -= bytes;
    this.#dispatch();
  }

  #giveUp(request: SignatureRequest, reason: unknown): void {
    if (request.state === 'settled') return;
    if (request.state === 'running') {
      request.cancel(reason);
      return;
    }
    this.#queue.remove(request);
    this.#waiting.delete(request);
    this.#settle(request, { cancelled: reason });
    this.#schedule();
  }

  /** The one place where requests are answered. */
  #settle(request: SignatureRequest, result: Answer): void {
    if (request.state === 'settled') return;
    this.#running.delete(request);
    const outcome =
      result instanceof Error ? 'failed' : 'cancelled' in result ? 'cancelled' : 'done';
    this.#counts[outcome]++;
    if (outcome !== 'done') this.#results.release(request);
    request.settle(result);
    publish(() => ({
      kind: 'settled',
      ndx: request.ndx,
      outcome,
      fileLength: request.layout.fileLength,
      totalMs: performance.now() - request.askedAt,
    }));
  }
}
