import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Signature, signSync } from '@deltawire/signature';
import { expect, test } from 'vitest';
import { createSignaturePool, type SignRequest } from '../src/index.ts';
import { Files, requestFor } from './files.ts';

function inLine({ fd, layout, checksum }: SignRequest): Signature {
  return signSync((target, at) => readSync(fd, target, 0, target.length, at), layout, checksum);
}

/** What is in use on this thread's heap, and in buffers outside of it. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test('signs on threads what is signed in line', async () => {
  using files = new Files();
  await using pool = createSignaturePool({ threads: 2 });
  const lengths = [1, 699, 700, 701, 32_768, 500_000, 3_000_000];
  const requests = lengths.map((length, i) => requestFor(files.open(length, i), length));
  const signatures = await Promise.all(requests.map((request) => pool.sign(request)));
  expect(signatures).toEqual(requests.map(inLine));
  expect(pool.stats()).toMatchObject({ done: lengths.length, queued: 0, running: 0 });
});

test('signs in line, and counts it', () => {
  using files = new Files();
  const pool = createSignaturePool();
  const request = requestFor(files.open(5000), 5000);
  expect(pool.signInline(request)).toEqual(inLine(request));
  expect(pool.stats()).toMatchObject({ inline: 1, done: 0, threads: 0, bytesRead: 5000 });
  expect(() => pool.signInline(requestFor(files.open(10), 20))).toThrow('file ends at byte 10');
  expect(() => pool.signInline({ ...request, fd: 999_999 })).toThrow('EBADF');
  expect(pool.stats().inline).toBe(1);
});

test('memory stays flat with 100,000 requests and a slow consumer', async () => {
  using files = new Files();
  const maxResultBytes = 16 * 1024;
  await using pool = createSignaturePool({ threads: 2, maxQueuedFiles: 100, maxResultBytes });
  const request = requestFor(files.open(10_000), 10_000); // 15 blocks of 6 bytes
  const results: Promise<Signature>[] = [];
  const heap: number[] = [];
  let [asked, done, mostAhead, mostQueued] = [0, 0, 0, 0];
  while (done < 100_000) {
    // As much as the pool takes, and then one at a time is wanted.
    while (asked < 100_000) {
      const result = pool.trySign(request);
      if (result === undefined) break;
      results.push(result);
      asked++;
    }
    const { queued, resultBytes } = pool.stats();
    mostAhead = Math.max(mostAhead, resultBytes);
    mostQueued = Math.max(mostQueued, queued);
    await results.shift();
    done++;
    if (done % 1000 === 0) await delay(1); // slow
    if (done % 10_000 === 0) heap.push(heapBytes());
  }
  expect(pool.stats()).toMatchObject({ done: 100_000, failed: 0, queued: 0, resultBytes: 0 });
  expect(mostQueued).toBe(100);
  expect(mostAhead).toBeLessThanOrEqual(maxResultBytes);
  // If so much as 32 bytes of each request were kept, it would be 1.6 MB more at least.
  expect(Math.min(...heap.slice(5)) - heap[0]!).toBeLessThan(1_600_000);
}, 30_000);

test('stops a large file within a chunk when it is cancelled', async () => {
  using files = new Files();
  await using pool = createSignaturePool({ threads: 1 });
  const length = 1 << 28;
  const request = requestFor(files.open(0), length);
  const { ftruncateSync, openSync, closeSync } = await import('node:fs');
  const fd = openSync(`/proc/self/fd/${request.fd}`, 'r+');
  ftruncateSync(fd, length); // a hole
  closeSync(fd);
  await pool.sign(requestFor(files.open(10), 10)); // the thread is there
  const controller = new AbortController();
  const result = pool.sign(request, { signal: controller.signal });
  await delay(15);
  controller.abort();
  await expect(result).rejects.toMatchObject({ name: 'AbortError' });
  expect(pool.stats().bytesRead).toBeLessThan(length);
});

test('threads end when there is nothing to do', async () => {
  using files = new Files();
  await using pool = createSignaturePool({ threads: 2, idleMs: 20 });
  await pool.sign(requestFor(files.open(10), 10));
  expect(pool.stats().threads).toBe(1);
  await expect.poll(() => pool.stats().threads).toBe(0);
  await pool.sign(requestFor(files.open(10), 10));
});

test('a process ends by itself when only an idle pool is left, and not before', async () => {
  const script = fileURLToPath(new URL('./workers/leaves-pool-open.ts', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, 'close');
  expect([code, output]).toEqual([0, '3 signatures\n']);
}, 10_000);
