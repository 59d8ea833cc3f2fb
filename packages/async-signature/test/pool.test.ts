import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Signature, signSync } from '@deltawire/signature';
import { expect, test } from 'vitest';
import { createSignaturePool, INLINE_BYTES, type SignRequest } from '../src/index.ts';
import { Files, requestFor } from './files.ts';

function inLine({ fd, layout, checksum }: SignRequest): Signature {
  return signSync((target, at) => readSync(fd, target, 0, target.length, at), layout, checksum);
}

test('signs on threads what is signed in line', async () => {
  using files = new Files();
  await using pool = createSignaturePool({ threads: 2 });
  const lengths = [1, 699, 700, 701, INLINE_BYTES, 500_000, 3_000_000];
  const requests = lengths.map((length, i) => requestFor(files.open(length, i), length));
  const signatures = await Promise.all(requests.map((request) => pool.sign(request)));
  expect(signatures).toEqual(requests.map(inLine));
  expect(pool.stats()).toMatchObject({ done: lengths.length, queued: 0, running: 0 });
});

test('stays within its bounds with 20,000 requests and a slow consumer', async () => {
  using files = new Files();
  await using pool = createSignaturePool({
    threads: 2,
    maxQueuedFiles: 100,
    maxResultBytes: 64 * 1024,
  });
  const request = requestFor(files.open(30_000), 30_000); // 43 blocks of 6 bytes
  const results: Promise<Signature>[] = [];
  let done = 0;
  let mostAhead = 0;
  let mostQueued = 0;
  for (let i = 0; i < 20_000; i++) {
    const result = pool.trySign(request);
    if (result !== undefined) results.push(result);
    else if (results.length > 0) {
      if (done % 500 === 0) await delay(1); // slow
      await results.shift();
      done++;
      i--;
    } else await pool.room();
    const { queued, resultBytes } = pool.stats();
    mostAhead = Math.max(mostAhead, resultBytes);
    mostQueued = Math.max(mostQueued, queued);
  }
  await Promise.all(results);
  expect(pool.stats()).toMatchObject({ done: 20_000, failed: 0, resultBytes: 0 });
  expect(mostQueued).toBe(100);
  expect(mostAhead).toBeLessThanOrEqual(64 * 1024);
}, 20_000);

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
