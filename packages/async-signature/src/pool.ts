import { availableParallelism } from 'node:os';
import type { Signature } from '@deltawire/signature';
import type { SignOptions, SignRequest } from './request.ts';
import type { PoolStats } from './stats.ts';
import { WorkerSignaturePool } from './worker-pool.ts';
import { WorkerThreads } from './worker-threads.ts';

/** Bounds of a pool; all have defaults. */
export interface SignaturePoolOptions {
  /**
   * Most worker threads. They start when there is work and end when there is none.
   *
   * @default the smaller of 4 and `os.availableParallelism()`
   */
  readonly threads?: number;
  /**
   * Most requests in the queue.
   *
   * @default 1024
   */
  readonly maxQueuedFiles?: number;
  /**
   * Most bytes of file that queued requests may stand for; a single larger file is taken when the queue is empty.
   *
   * @default 268435456 (256 MiB)
   */
  readonly maxQueuedBytes?: number;
  /**
   * Most bytes of signatures computed ahead that nobody has asked for; what is asked for always runs.
   *
   * @default 67108864 (64 MiB)
   */
  readonly maxResultBytes?: number;
  /**
   * Time after which a thread without work ends, milliseconds.
   *
   * @default 5000
   */
  readonly idleMs?: number;
}

/** Signs files on worker threads. */
export interface SignaturePool extends AsyncDisposable {
  /**
   * The signature of an open file. Waits for room when the queue is full.
   *
   * @throws SignaturePoolError, or the signal's reason
   */
  sign(request: SignRequest, options?: SignOptions): Promise<Signature>;
  /** The same, but undefined when the queue is full or the pool closed. */
  trySign(request: SignRequest, options?: SignOptions): Promise<Signature> | undefined;
  /**
   * Sign on the calling thread, now: what is too small to hand over, or could not be. Counted as `inline`.
   *
   * @throws what reading throws, and SignatureError
   */
  signInline(request: SignRequest): Signature;
  /** Resolves when the queue has room for one more file of `fileLength` bytes, or the pool is closed. */
  room(fileLength?: number): Promise<void>;
  /** Change how soon a request is needed; no effect once a worker has it. */
  prioritize(result: Promise<Signature>, priority: number): void;
  /**
   * Give a request up, as its signal would, at a tenth of a signal's cost; its promise is rejected
   * with `CANCELLED`. No effect on one that is settled.
   */
  cancel(result: Promise<Signature>): void;
  stats(): PoolStats;
  /**
   * End the pool: every request gets its answer, every thread is joined.
   *
   * @param options - `cancel`: give up what is not finished, instead of finishing it
   */
  close(options?: { readonly cancel?: boolean }): Promise<void>;
}

/** Create a pool. Costs next to nothing until the first request. */
export function createSignaturePool(options: SignaturePoolOptions = {}): SignaturePool {
  const threads = Math.max(1, options.threads ?? Math.min(4, availableParallelism()));
  const workers = new WorkerThreads({ threads, idleMs: options.idleMs ?? 5000 });
  return new WorkerSignaturePool(workers, threads, options);
}
