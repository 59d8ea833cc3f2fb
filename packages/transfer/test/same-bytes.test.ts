/*
 * However the signatures come about, the wire sees the same bytes: with any number of threads, any
 * window, and without anything done ahead.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createSignaturePool, SignaturePoolError } from '@deltawire/async-signature';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  compareTrees,
  randomBytes,
  type TemporaryDirectory,
  temporaryDirectory,
} from '../../testkit/src/index.ts';
import {
  type Connection,
  connectionPair,
  DEFAULT_TRANSFER_OPTIONS,
  type PipelineOptions,
  runClient,
  runServer,
  type SignatureStats,
} from '../src/index.ts';

const FILES = 50;
/** Long enough to be handed over. */
const BYTES = 120_000;
const noise = randomBytes(BYTES + FILES);

let dir: TemporaryDirectory;
beforeAll(() => {
  dir = temporaryDirectory();
  for (let i = 0; i < FILES; i++) write('src', i, content(i), 1_700_000_000);
  for (const name of ['d0', 'd1', 'd2', 'd3', 'd4', '.']) {
    utimesSync(dir.join('src', name), 1_700_000_000, 1_700_000_000);
  }
});
afterAll(() => dir.remove());

/** Files that are alike nowhere at the same offset. */
const content = (i: number): Uint8Array => noise.slice(i).map((byte) => byte ^ i);

function write(tree: string, i: number, bytes: Uint8Array, mtime: number): void {
  const directory = dir.join(tree, `d${i % 5}`);
  mkdirSync(directory, { recursive: true });
  const path = `${directory}/f${i}`;
  writeFileSync(path, bytes);
  utimesSync(path, mtime, mtime);
}

/** A destination with an older version of every file. */
function prepare(): void {
  rmSync(dir.join('dst'), { recursive: true, force: true });
  for (let i = 0; i < FILES; i++) {
    const bytes = content(i);
    bytes.fill(0, 5000 * (i % 20), 5000 * (i % 20) + 100);
    write('dst', i, bytes, 1_500_000_000);
  }
}

interface Seen {
  /** Digest of everything that the generator wrote behind its handshake, without frame headers. */
  readonly digest: string;
  readonly signatures: SignatureStats;
}

async function pull(pipeline: PipelineOptions): Promise<Seen> {
  prepare();
  const options = {
    ...DEFAULT_TRANSFER_OPTIONS,
    recursive: true,
    times: true,
    perms: true,
    checksumSeed: 1,
    // One list: when the DONE of a list is written depends on when answers come.
    incRecursive: false,
  };
  const [near, far] = connectionPair();
  const written: Uint8Array[] = [];
  const recorded: Connection = {
    ...near,
    write: async (chunks) => {
      for (const chunk of chunks) written.push(chunk.slice());
      await near.write(chunks);
    },
  };
  const [result, served] = await Promise.all([
    runClient(
      recorded,
      {
        role: 'receiver',
        options,
        filters: [],
        sources: [],
        destination: `${dir.join('dst')}/`,
        requested: ['src/'],
        handshake: { kind: 'binary' },
      },
      { pipeline },
    ),
    runServer(far, {
      options: { ...options, sender: true, clientInfo: '.LsfxCIvu' },
      paths: [`${dir.join('src')}/`],
      handshake: { kind: 'binary' },
    }),
  ]);
  expect([result.exitCode, served.exitCode]).toEqual([0, 0]);
  expect(compareTrees(dir.join('src'), dir.join('dst'))).toEqual([]);
  const bytes = Buffer.concat(written);
  const hash = createHash('sha256');
  let at = 4 + 1 + bytes[4]!; // version and checksum names
  while (at < bytes.length) {
    const header = bytes.readUInt32LE(at);
    const length = header & 0xffffff;
    expect(header >>> 24).toBe(7);
    hash.update(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return { digest: hash.digest('hex'), signatures: result.stats.signatures };
}

let expected: string;
beforeAll(async () => {
  const { digest, signatures } = await pull({ asyncSignatures: false });
  expect(signatures).toMatchObject({ ahead: 0, hits: 0, waits: 0, misses: FILES });
  expected = digest;
}, 30_000);

const threads = [0, 1, 2, 4];
const windows = [1, 8, 64];
const settings = threads.flatMap((n) =>
  windows.map((windowFiles) => ({ threads: n, windowFiles })),
);

test.each(settings)(
  '$threads threads, a window of $windowFiles',
  { timeout: 30_000 },
  async (p) => {
    const { digest, signatures } = await pull(p);
    expect(digest).toBe(expected);
    const { hits, waits, misses, inline } = signatures;
    expect(hits + waits + misses + inline).toBe(FILES);
    if (p.threads > 0 && p.windowFiles > 1) expect(signatures.ahead).toBeGreaterThan(0);
  },
);

test('a pool that is full most of the time', { timeout: 30_000 }, async () => {
  await using pool = createSignaturePool({ threads: 1, maxQueuedFiles: 1 });
  const { digest, signatures } = await pull({ signatures: pool });
  expect(digest).toBe(expected);
  expect(signatures.ahead).toBeGreaterThan(0);
  expect(signatures.misses).toBeGreaterThan(0);
});

test('a pool that loses every worker', { timeout: 30_000 }, async () => {
  await using pool = createSignaturePool({ threads: 1 });
  const lost = new SignaturePoolError('WORKER_LOST', 'gone');
  const failing = Object.assign(pool, { trySign: () => Promise.reject(lost) });
  const { digest, signatures } = await pull({ signatures: failing });
  expect(digest).toBe(expected);
  expect(signatures).toMatchObject({ ahead: FILES - 1, hits: 0, waits: 0, misses: FILES });
});
