import type { Piscina } from 'piscina';
import type { BatchJob, BatchReply } from './job.ts';
import { SignaturePoolError } from './pool-error.ts';

/** How worker threads are run. */
export interface WorkerThreadsOptions {
  /** Most threads at a time. */
  readonly threads: number;
  /** Time after which a thread without work ends, milliseconds. */
  readonly idleMs: number;
  /** URL of the module with the `signBatch` function. */
  readonly workerUrl?: string;
}

/** Threads that sign batches. Nothing is loaded or started before the first batch. */
export class WorkerThreads {
  readonly #options: WorkerThreadsOptions;
  #pool: Promise<Piscina> | undefined;
  /** The same, once it is there. */
  #live: Piscina | undefined;
  /** Batches handed over and not yet answered. */
  #pending = 0;

  constructor(options: WorkerThreadsOptions) {
    this.#options = options;
  }

  /** Threads there are now, those that are starting included. */
  get count(): number {
    return this.#live?.threads.length ?? 0;
  }

  /**
   * Sign a batch on some thread.
   *
   * @throws SignaturePoolError `WORKER_LOST` when the thread threw, died or could not start
   */
  async run(job: BatchJob): Promise<BatchReply> {
    this.#pending++;
    try {
      this.#pool ??= this.#start();
      const pool = await this.#pool;
      return (await pool.run(job)) as BatchReply;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new SignaturePoolError('WORKER_LOST', `signature worker failed: ${reason}`, { cause });
    } finally {
      this.#pending--;
    }
  }

  /** End all threads and wait until they have ended. */
  async close(): Promise<void> {
    const pool = await this.#pool;
    this.#pool = undefined;
    await pool?.destroy();
  }

  async #start(): Promise<Piscina> {
    const { threads, idleMs, workerUrl = import.meta.resolve('#worker') } = this.#options;
    const { Piscina } = await import('piscina');
    const pool = new Piscina({
      filename: workerUrl,
      name: 'signBatch',
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: idleMs,
      recordTiming: false,
      // Signing needs next to no JavaScript heap: sums and file data are outside of it.
      resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 64 },
    });
    // A thread that dies while it starts takes no batch with it: batches stay behind unanswered.
    const answerStranded = (): void => {
      setImmediate(() => {
        if (this.#pending > 0 && pool.threads.length === 0) void pool.destroy();
      });
    };
    pool.on('error', answerStranded);
    pool.on('workerDestroy', answerStranded);
    this.#live = pool;
    return pool;
  }
}
