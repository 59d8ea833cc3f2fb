import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { POOL_CHANNEL, type PoolMessage } from '../src/diagnostics.ts';
import type { BatchJob, BatchReply } from '../src/job.ts';
import type { SignaturePoolOptions } from '../src/pool.ts';
import { SignaturePoolError } from '../src/pool-error.ts';
import type { SignRequest } from '../src/request.ts';
import { signFiles } from '../src/sign-files.ts';
import { WorkerSignaturePool } from '../src/worker-pool.ts';
import { WorkerThreads } from '../src/worker-threads.ts';
import { checksum, Files, requestFor } from './files.ts';

/** Longer than any batch: such files are always alone. */
const BIG = 9 << 20;

/** Stands in for threads: batches are answered when the test says so. */
class HeldWorkers extends WorkerThreads {
  readonly jobs: BatchJob[] = [];
  readonly #answers: ((reply?: BatchReply) => void)[] = [];

  constructor() {
    super({ threads: 1, idleMs: 0 });
  }

  override run(job: BatchJob): Promise<BatchReply> {
    this.jobs.push(job);
    return new Promise((resolve, reject) => {
      this.#answers.push(() => {
        try {
          resolve(signFiles(job));
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** Answer the oldest batch, and let the pool go on. */
  async answer(): Promise<void> {
    this.#answers.shift()?.();
    await delay(1);
  }

  async answerAll(): Promise<void> {
    while (this.#answers.length > 0) await this.answer();
  }

  /** Descriptors of every batch so far. */
  get batches(): number[][] {
    return this.jobs.map((job) => job.files.map((file) => file.fd));
  }
}

function held(options: SignaturePoolOptions = {}): {
  workers: HeldWorkers;
  pool: WorkerSignaturePool;
} {
  const workers = new HeldWorkers();
  return { workers, pool: new WorkerSignaturePool(workers, options.threads ?? 1, options) };
}

afterEach(() => vi.unstubAllEnvs());

test('small files asked for together share a batch', async () => {
  using files = new Files();
  const { workers, pool } = held();
  const requests = [100, 200, 300].map((length) => requestFor(files.open(length), length));
  const results = requests.map((request) => pool.sign(request));
  expect(pool.stats()).toMatchObject({ queued: 3, queuedBytes: 600, running: 0 });
  await delay(1);
  expect(pool.stats()).toMatchObject({ queued: 0, queuedBytes: 0, running: 3 });
  expect(workers.batches).toEqual([requests.map((request) => request.fd)]);
  await workers.answerAll();
  const signatures = await Promise.all(results);
  expect(signatures.map((signature) => signature.layout)).toEqual(requests.map((r) => r.layout));
  expect(pool.stats()).toMatchObject({ done: 3, failed: 0, cancelled: 0, bytesRead: 600 });
});

test('what is given up is never started, or stopped, and says so', async () => {
  using files = new Files();
  const { workers, pool } = held();
  const big = requestFor(files.open(BIG), BIG);
  const running = pool.sign(big);
  await delay(1);
  const queued = pool.sign(requestFor(files.open(100), 100));
  pool.cancel(queued);
  await expect(queued).rejects.toMatchObject({ code: 'CANCELLED' });
  pool.cancel(running);
  await workers.answer();
  await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
  pool.cancel(running);
  pool.cancel(Promise.resolve(pool.signInline(big)));
  expect(workers.batches).toEqual([[big.fd]]);
  expect(pool.stats()).toMatchObject({ cancelled: 2, done: 0, failed: 0 });
});

test('workers take the most urgent requests first, also when that changes', async () => {
  using files = new Files();
  const { workers, pool } = held();
  const [a, b, c, d] = [1, 2, 3, 4].map(() => requestFor(files.open(0), BIG)) as [
    SignRequest,
    SignRequest,
    SignRequest,
    SignRequest,
  ];
  const all = [pool.sign(a), pool.sign(b), pool.sign(c, { priority: 5 }), pool.sign(d)];
  pool.prioritize(all[3]!, 9);
  await workers.answerAll();
  await Promise.allSettled(all);
  expect(workers.batches).toEqual([[a.fd], [d.fd], [c.fd], [b.fd]]);
});

test('trySign refuses when the queue is full, sign waits, room tells', async () => {
  using files = new Files();
  const { workers, pool } = held({ maxQueuedFiles: 2 });
  const request = requestFor(files.open(0), BIG);
  const results = [pool.sign(request)]; // with the worker at once
  results.push(pool.trySign(request)!, pool.trySign(request)!);
  expect(pool.trySign(request)).toBeUndefined();
  results.push(pool.sign(request));
  expect(pool.stats()).toMatchObject({ running: 1, queued: 2, waiting: 1 });
  let room = false;
  const told = pool.room().then(() => {
    room = true;
  });
  await workers.answer();
  expect(room).toBe(false);
  expect(pool.stats()).toMatchObject({ running: 1, queued: 2, waiting: 0 });
  await workers.answer();
  await told;
  await workers.answerAll();
  await expect(Promise.allSettled(results)).resolves.toHaveLength(4);
});

test('the queue is bounded in bytes of file', () => {
  using files = new Files();
  const { pool } = held({ maxQueuedBytes: 2500 });
  const request = requestFor(files.open(1000), 1000);
  expect(pool.trySign(request)).toBeInstanceOf(Promise);
  expect(pool.trySign(request)).toBeInstanceOf(Promise);
  expect(pool.trySign(request)).toBeUndefined();
  expect(pool.stats().queuedBytes).toBe(2000);
});

test('works ahead only until enough results lie about', async () => {
  using files = new Files();
  const length = 1 << 20;
  const request = requestFor(files.open(length), length); // 1024 blocks, 6 bytes each
  const { workers, pool } = held({ maxResultBytes: 3 * 6 * 1024 });
  const results = Array.from({ length: 8 }, () => pool.sign(request));
  await workers.answerAll();
  expect(pool.stats()).toMatchObject({ done: 3, queued: 5, running: 0, resultBytes: 3 * 6144 });
  await results[0]; // makes room for one more
  await workers.answerAll();
  expect(pool.stats()).toMatchObject({ done: 4, queued: 4, resultBytes: 3 * 6144 });
  const last = results[7]!.then(() => 'there'); // what is asked for runs whatever lies about
  await delay(1);
  await workers.answerAll();
  await expect(last).resolves.toBe('there');
  expect(pool.stats()).toMatchObject({ done: 5, queued: 3 });
  const closed = pool.close();
  await workers.answerAll();
  await closed;
  expect(pool.stats()).toMatchObject({ done: 8, queued: 0 });
});

test('a cancelled request in the queue never starts', async () => {
  using files = new Files();
  const { workers, pool } = held();
  const [a, b] = [1, 2].map((seed) => requestFor(files.open(1 << 20, seed), 1 << 20));
  const first = pool.sign(a!);
  const controller = new AbortController();
  const second = pool.sign(b!, { signal: controller.signal });
  controller.abort(new Error('not needed'));
  await expect(second).rejects.toThrow('not needed');
  await workers.answerAll();
  await first;
  expect(workers.batches).toEqual([[a!.fd]]);
  expect(pool.stats()).toMatchObject({ done: 1, cancelled: 1, queued: 0 });
  await expect(pool.sign(b!, { signal: controller.signal })).rejects.toThrow('not needed');
});

test('a cancelled request at work is told to the worker, and settles when that has stopped', async () => {
  using files = new Files();
  const { workers, pool } = held();
  const controller = new AbortController();
  const settled = vi.fn();
  const result = pool.sign(requestFor(files.open(1000), 1000), { signal: controller.signal });
  result.catch(settled);
  await delay(1);
  controller.abort();
  expect([...workers.jobs[0]!.cancelled]).toEqual([1]);
  await delay(1);
  expect(settled).not.toHaveBeenCalled();
  await workers.answer();
  await expect(result).rejects.toMatchObject({ name: 'AbortError' });
  expect(pool.stats()).toMatchObject({ cancelled: 1, running: 0, bytesRead: 0 });
});

test('refuses a layout wider than the digest before any work', async () => {
  using files = new Files();
  const { workers, pool } = held();
  const request = requestFor(files.open(1000), 1000);
  const layout = { ...request.layout, strongLength: 17 };
  await expect(pool.sign({ ...request, layout })).rejects.toMatchObject({
    code: 'DIGEST_TOO_SHORT',
  });
  await delay(1);
  expect(workers.jobs).toEqual([]);
});

test('an empty file needs no worker', async () => {
  const { workers, pool } = held();
  const signature = await pool.sign(requestFor(-1, 0));
  expect([signature.weak.length, signature.strong.length]).toEqual([0, 0]);
  expect(workers.jobs).toEqual([]);
});

test('a file that cannot be read fails alone, with the cause', async () => {
  using files = new Files();
  const { workers, pool } = held();
  const good = pool.sign(requestFor(files.open(100), 100));
  const bad = pool.sign(requestFor(999_999, 100));
  const short = pool.sign(requestFor(files.open(50), 100));
  await delay(1);
  await workers.answer();
  await good;
  await expect(bad).rejects.toMatchObject({ code: 'READ_FAILED', cause: { code: 'EBADF' } });
  await expect(short).rejects.toBeInstanceOf(SignaturePoolError);
  await expect(short).rejects.toMatchObject({ code: 'FILE_SHRANK' });
  expect(pool.stats()).toMatchObject({ done: 1, failed: 2 });
});

test('a closed pool takes nothing, and its requests have answers', async () => {
  using files = new Files();
  const { workers, pool } = held();
  const [a, b] = [1, 2].map((seed) => requestFor(files.open(1 << 20, seed), 1 << 20));
  const results = [pool.sign(a!), pool.sign(b!)];
  const closed = pool.close({ cancel: true });
  await workers.answerAll();
  await closed;
  for (const result of results) await expect(result).rejects.toMatchObject({ code: 'CLOSED' });
  await expect(pool.sign(a!)).rejects.toMatchObject({ code: 'CLOSED' });
  expect(pool.trySign(a!)).toBeUndefined();
  await pool.room();
});

test('files with different checksums never share a batch', async () => {
  using files = new Files();
  const { workers, pool } = held();
  const request = requestFor(files.open(100), 100);
  const other = { ...request, checksum: { ...checksum, seed: 99 } };
  const results = [pool.sign(request), pool.sign(other), pool.sign({ ...request })];
  for (let i = 0; i < 3; i++) {
    await delay(1);
    await workers.answer();
  }
  await Promise.all(results);
  expect(workers.jobs.map((job) => job.checksum.seed)).toEqual([7, 99, 7]);
});

test('publishes what happens on its diagnostics channel', async () => {
  using files = new Files();
  const { workers, pool } = held();
  const messages: PoolMessage[] = [];
  const listener = (message: unknown): number => messages.push(message as PoolMessage);
  subscribe(POOL_CHANNEL, listener);
  const result = pool.sign({ ...requestFor(files.open(100), 100), ndx: 42 });
  await delay(1);
  await workers.answer();
  await result;
  pool.signInline({ ...requestFor(files.open(50), 50), ndx: 43 });
  unsubscribe(POOL_CHANNEL, listener);
  expect(messages).toMatchObject([
    { kind: 'settled', ndx: 42, outcome: 'done', fileLength: 100 },
    { kind: 'batch', files: 1, bytesRead: 100, stats: { done: 1 } },
    { kind: 'settled', ndx: 43, outcome: 'inline', fileLength: 50 },
  ]);
});

test('every request has its answer when workers die', async () => {
  using files = new Files();
  const workerUrl = new URL('./workers/dying.ts', import.meta.url).href;
  vi.stubEnv('DYING_WORKER', 'exit');
  const workers = new WorkerThreads({ threads: 2, idleMs: 1000, workerUrl });
  const pool = new WorkerSignaturePool(workers, 2, {});
  const request = requestFor(files.open(1 << 20), 1 << 20);
  const lost = await Promise.allSettled(Array.from({ length: 6 }, () => pool.sign(request)));
  for (const result of lost) {
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'WORKER_LOST' } });
  }
  vi.stubEnv('DYING_WORKER', '');
  await expect(pool.sign(request)).resolves.toMatchObject({ layout: request.layout });
  expect(pool.stats()).toMatchObject({ done: 1, failed: 6 });
  await pool.close();
});
