import { readdirSync, readlinkSync, renameSync, writeFileSync } from 'node:fs';
import { createSignaturePool, inlineBytes, type SignaturePool } from '@deltawire/async-signature';
import { planTransferChecksum } from '@deltawire/checksums';
import { lstat } from '@deltawire/filesystem';
import { planBlocks, sign } from '@deltawire/signature';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import {
  randomBytes,
  setTimes,
  type TemporaryDirectory,
  temporaryDirectory,
} from '../../../testkit/src/index.ts';
import type { TransferEvent } from '../../src/events.ts';
import { type PipelineOptions, SignatureCache } from '../../src/pipeline/signature-cache.ts';
import { createStats } from '../../src/stats.ts';

const checksum = planTransferChecksum({
  name: 'xxh128',
  origin: 'negotiated',
  protocol: 32,
  seedFix: true,
  seed: 1,
});
const plan = (length: number, full: boolean): ReturnType<typeof planBlocks> =>
  planBlocks(length, { protocol: 32, digestLength: 16, full });

let dir: TemporaryDirectory;
let pool: SignaturePool;
beforeAll(() => {
  dir = temporaryDirectory();
  pool = createSignaturePool({ threads: 1 });
});
afterAll(async () => {
  await pool.close();
  dir.remove();
});

interface Opened {
  readonly cache: SignatureCache;
  readonly stats: ReturnType<typeof createStats>['signatures'];
  readonly events: TransferEvent[];
}

/** With threads that are there already, unless told otherwise. */
function open(pipeline: PipelineOptions = { signatures: pool }): Opened {
  const { signatures: stats } = createStats();
  const events: TransferEvent[] = [];
  const emit = (event: TransferEvent): void => void events.push(event);
  const cache = new SignatureCache({ noAtime: false, checksum, plan, stats, emit, pipeline });
  onTestFinished(() => cache.close());
  return { cache, stats, events };
}

const BYTES = 300_000;

function file(name: string, bytes = BYTES, seed = 1): string {
  const path = dir.join(name);
  writeFileSync(path, randomBytes(bytes, seed));
  setTimes(1_500_000_000, [path]);
  return path;
}

const statOf = (path: string): NonNullable<ReturnType<typeof lstat>> => lstat(path)!;

/** How many descriptors of this process are open on a file. */
function descriptorsOf(path: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false; // the one that the directory was read with
    }
  }).length;
}

/** Wait until everything that was asked for has been answered. */
async function answered(events: readonly TransferEvent[], count: number): Promise<void> {
  const collected = (): number =>
    events.filter((event) => event.kind === 'signature' && event.phase === 'collected').length;
  for (let i = 0; i < 500 && collected() < count; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(collected()).toBe(count);
}

test('a signature that is ready is a hit, and the one that signing here gives', async () => {
  const { cache, stats, events } = open();
  const path = file('hit');
  cache.request(7, path, BYTES);
  await answered(events, 1);
  const taken = await cache.take(7, path, statOf(path));
  expect(stats).toMatchObject({ ahead: 1, hits: 1, waits: 0, misses: 0, bytes: BYTES });
  const expected = await sign(randomBytes(BYTES), plan(BYTES, false), checksum);
  expect(taken!.signature).toEqual(expected);
  expect(taken!.layout.blockCount).toBe(429);
  taken!.basis.release();
  expect(events.map((event) => event.kind === 'signature' && event.phase)).toEqual([
    'requested',
    'collected',
    'used',
  ]);
});

test('one that is still being computed is waited for', async () => {
  const { cache, stats } = open();
  const path = file('wait', 4_000_000);
  cache.request(1, path, 4_000_000);
  const taken = await cache.take(1, path, statOf(path));
  expect(stats).toMatchObject({ hits: 0, waits: 1, misses: 0 });
  expect(stats.waitMs).toBeGreaterThan(0);
  taken!.basis.release();
});

test('one that nobody asked for is computed here', async () => {
  const { cache, stats } = open();
  const path = file('miss');
  const taken = await cache.take(1, path, statOf(path));
  expect(stats).toMatchObject({ ahead: 0, hits: 0, misses: 1, bytes: BYTES });
  taken!.basis.release();
});

test('a small file is not worth asking for', async () => {
  const { cache, stats } = open();
  const bytes = inlineBytes(checksum) - 1;
  const path = file('small', bytes);
  cache.request(1, path, bytes);
  const taken = await cache.take(1, path, statOf(path));
  expect(stats).toMatchObject({ ahead: 0, inline: 1, misses: 0 });
  taken!.basis.release();
});

test('unless the disk is what takes the time', async () => {
  const { cache, stats } = open();
  const path = file('slow', 5000);
  const now = performance.now.bind(performance);
  let late = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    late += 2;
    return now() + late;
  });
  // Where waits are not counted, whatever is late has waited.
  const usage = vi
    .spyOn(process, 'resourceUsage')
    .mockReturnValue({ ...process.resourceUsage(), voluntaryContextSwitches: 0 });
  onTestFinished(() => {
    clock.mockRestore();
    usage.mockRestore();
  });
  for (let ndx = 0; ndx < 20; ndx++) {
    cache.request(ndx, path, 5000);
    const taken = await cache.take(ndx, path, statOf(path));
    taken!.basis.release();
  }
  expect(stats.inline).toBeGreaterThan(0);
  expect(stats.ahead).toBeGreaterThan(0);
  expect(stats.inline + stats.ahead).toBe(20);
});

test('a file that changed in between is hashed again', async () => {
  const { cache, stats, events } = open();
  const path = file('changed', BYTES, 1);
  cache.request(1, path, BYTES);
  await answered(events, 1);
  writeFileSync(path, randomBytes(BYTES, 2));
  setTimes(1_500_000_001, [path]);
  const taken = await cache.take(1, path, statOf(path));
  expect(stats).toMatchObject({ hits: 0, misses: 1 });
  const expected = await sign(randomBytes(BYTES, 2), plan(BYTES, false), checksum);
  expect(taken!.signature).toEqual(expected);
  taken!.basis.release();
});

test('so is one that was replaced by another of the same size and time', async () => {
  const { cache, stats, events } = open();
  const path = file('replaced', BYTES, 1);
  cache.request(1, path, BYTES);
  await answered(events, 1);
  renameSync(file('other', BYTES, 3), path);
  const taken = await cache.take(1, path, statOf(path));
  expect(stats).toMatchObject({ hits: 0, misses: 1 });
  taken!.basis.release();
});

test('a file that is gone, or no file, is nobody’s problem until its turn', async () => {
  const { cache, stats } = open();
  cache.request(1, dir.join('nothing'), BYTES);
  cache.request(2, dir.path, BYTES);
  expect(stats.ahead).toBe(0);
  const path = file('gone');
  await expect(cache.take(1, dir.join('nothing'), statOf(path))).rejects.toMatchObject({
    code: 'ENOENT',
  });
});

test('what was not needed is dropped, and its descriptor closed', async () => {
  const { cache, stats, events } = open();
  const path = file('cancelled', 2_000_000);
  for (let ndx = 0; ndx < 10; ndx++) cache.request(ndx, path, 2_000_000);
  expect(stats.ahead).toBe(10);
  expect(descriptorsOf(path)).toBe(10);
  for (let ndx = 0; ndx < 10; ndx++) cache.cancel(ndx);
  cache.cancel(99);
  await cache.close();
  expect(descriptorsOf(path)).toBe(0);
  const used = events.filter((event) => event.kind === 'signature' && event.phase === 'used');
  expect(used).toEqual([]);
});

test('closing releases what was asked for and never used', async () => {
  const path = file('unused', 500_000);
  const { cache } = open();
  for (let ndx = 0; ndx < 20; ndx++) cache.request(ndx, path, 500_000);
  await cache.close();
  expect(descriptorsOf(path)).toBe(0);
  expect(cache.hasRoom).toBe(true);
});

test('the window is bounded in files', () => {
  const { cache } = open({ signatures: pool, windowFiles: 3 });
  const path = file('many');
  for (let ndx = 0; cache.hasRoom; ndx++) cache.request(ndx, path, BYTES);
  expect(cache.hasRoom).toBe(false);
  cache.cancel(0);
  expect(cache.hasRoom).toBe(true);
  cache.request(0, path, BYTES);
  expect(cache.hasRoom).toBe(false);
});

test('and in bytes', () => {
  const { cache, stats } = open({ signatures: pool, windowBytes: 1_000_000 });
  const path = file('much');
  for (let ndx = 0; cache.hasRoom; ndx++) cache.request(ndx, path, BYTES);
  expect(stats.ahead).toBe(4);
  for (let ndx = 0; ndx < 4; ndx++) cache.cancel(ndx);
  expect(cache.hasRoom).toBe(true);
});

test('and in bytes of signatures', () => {
  const { cache, stats } = open({ signatures: pool, resultBytes: 10_000 });
  const path = file('fine'); // 429 blocks of 6 bytes
  for (let ndx = 0; cache.hasRoom; ndx++) cache.request(ndx, path, BYTES);
  expect(stats.ahead).toBe(4);
  cache.cancel(0);
  expect(cache.hasRoom).toBe(true);
});

test('also when files grow while they are looked at', async () => {
  const { cache } = open({ signatures: pool, windowBytes: 1_000_000 });
  const path = file('grows', 400_000);
  for (let round = 0; round < 10; round++) {
    cache.request(round, path, 100_000); // what was seen of it before
    cache.cancel(round);
  }
  for (let ndx = 100; ndx < 102; ndx++) cache.request(ndx, path, 400_000);
  expect(cache.hasRoom).toBe(true);
  cache.request(102, path, 400_000);
  expect(cache.hasRoom).toBe(false);
});

test.each([{ asyncSignatures: false }, { threads: 0 }] as PipelineOptions[])(
  'switched off, %o, everything is computed at its turn',
  async (pipeline) => {
    const { cache, stats } = open(pipeline);
    expect(cache.enabled).toBe(false);
    const path = file('off', 5_000_000);
    cache.request(1, path, 5_000_000);
    const taken = await cache.take(1, path, statOf(path));
    expect(stats).toMatchObject({ ahead: 0, misses: 1 });
    taken!.basis.release();
  },
);

test('no threads are started for a few bytes', () => {
  const { cache, stats } = open({});
  const path = file('few');
  for (let ndx = 0; ndx < 5; ndx++) cache.request(ndx, path, BYTES);
  expect(stats.ahead).toBe(0);
});

test('the second attempt gets full sums', () => {
  const { cache, stats, events } = open();
  const taken = cache.takeFull(8, file('full'))!;
  expect(stats.misses).toBe(1);
  expect(events).toMatchObject([{ phase: 'used', ndx: 8, outcome: 'miss' }]);
  expect(taken.layout.strongLength).toBe(16);
  expect(taken.signature.strong).toHaveLength(16 * taken.layout.blockCount);
  taken.basis.release();
});
