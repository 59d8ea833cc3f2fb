import { afterEach, expect, test, vi } from 'vitest';
import type { BatchJob } from '../src/job.ts';
import { WorkerThreads } from '../src/worker-threads.ts';
import { checksum, Files, requestFor } from './files.ts';

function threads(worker: string): WorkerThreads {
  const workerUrl = new URL(`./workers/${worker}.ts`, import.meta.url).href;
  return new WorkerThreads({ threads: 2, idleMs: 5000, workerUrl });
}

const job = (fd: number, length: number): BatchJob => ({
  checksum,
  files: [requestFor(fd, length)],
  cancelled: new Int32Array(new SharedArrayBuffer(4)),
});

afterEach(() => vi.unstubAllEnvs());

test.each(['exit', 'throw', 'memory'])(
  'answers when a worker dies at work, and replaces it: %s',
  async (fault) => {
    using files = new Files();
    const workers = threads('dying');
    vi.stubEnv('DYING_WORKER', fault);
    await expect(workers.run(job(files.open(10), 10))).rejects.toMatchObject({
      code: 'WORKER_LOST',
      cause: expect.any(Error),
    });
    vi.stubEnv('DYING_WORKER', '');
    if (fault === 'throw') await workers.close(); // that thread lives on, with the old environment
    const reply = await workers.run(job(files.open(10), 10));
    expect(reply.outcomes[0]).toMatchObject({ kind: 'signed' });
    await workers.close();
    expect(workers.count).toBe(0);
  },
);

test.each(['exit', 'throw'])('answers when workers die while they start: %s', async (fault) => {
  using files = new Files();
  const workers = threads('stillborn');
  vi.stubEnv('STILLBORN', fault);
  const fd = files.open(10);
  const answers = await Promise.allSettled([1, 2, 3, 4, 5].map(() => workers.run(job(fd, 10))));
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'WORKER_LOST' } });
  }
  await workers.close();
});

test('starts nothing before the first batch', async () => {
  const workers = threads('dying');
  expect(workers.count).toBe(0);
  await workers.close();
});
