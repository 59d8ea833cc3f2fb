/*
 * Both ends are ours and everything between them is one relay with tiny buffers, which does one thing
 * at a time: whoever writes without reading stops the other, and then itself.
 */

import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  compareTrees,
  connectionPair as narrowPair,
  randomBytes,
  type TemporaryDirectory,
  temporaryDirectory,
} from '../../testkit/src/index.ts';
import {
  type Connection,
  DEFAULT_TRANSFER_OPTIONS,
  runClient,
  runServer,
  type TransferOptions,
  type TransferResult,
} from '../src/index.ts';

/** On a busy machine a byte at a time takes its time. */
const slow = { timeout: 120_000 };

const options: TransferOptions = {
  ...DEFAULT_TRANSFER_OPTIONS,
  recursive: true,
  times: true,
  perms: true,
  links: true,
  wholeFile: false,
  checksumSeed: 1,
};

/** Move bytes between two ends, one piece of one direction after a piece of the other. */
function relay(a: Connection, b: Connection): void {
  const lanes = [
    { input: a.input[Symbol.asyncIterator](), to: b, done: false },
    { input: b.input[Symbol.asyncIterator](), to: a, done: false },
  ];
  const pump = async (lane: (typeof lanes)[number]): Promise<void> => {
    for (;;) {
      const { done, value } = await lane.input.next();
      if (done === true) break;
      await lane.to.write([value]);
    }
    await lane.to.end();
  };
  for (const lane of lanes) void pump(lane).catch(() => {});
}

/** Two ends with a relay of the given buffer between them. */
function connect(bufferBytes: number): [Connection, Connection] {
  const narrow = { capacity: bufferBytes, chunkBytes: bufferBytes };
  const [client, left] = narrowPair(narrow);
  const [right, server] = narrowPair(narrow);
  relay(left, right);
  return [client, server];
}

interface Trees {
  readonly source: string;
  readonly destination: string;
}

async function transfer(
  [near, far]: [Connection, Connection],
  { source, destination }: Trees,
  push: boolean,
  changed: Partial<TransferOptions> = {},
): Promise<TransferResult> {
  const o = { ...options, ...changed };
  const capabilities = o.incRecursive ? '.iLsfxCIvu' : '.LsfxCIvu';
  const [result, served] = await Promise.all([
    runClient(near, {
      role: push ? 'sender' : 'receiver',
      options: o,
      filters: [],
      sources: push ? [`${source}/`] : [],
      destination: push ? '' : `${destination}/`,
      requested: ['src/'],
      handshake: { kind: 'binary' },
    }),
    runServer(far, {
      options: { ...o, sender: !push, clientInfo: capabilities },
      paths: [push ? destination : `${source}/`],
      handshake: { kind: 'binary' },
    }),
  ]);
  expect([result.exitCode, served.exitCode]).toEqual([0, 0]);
  if (!o.existing) {
    expect(compareTrees(source, destination, { ignore: ['nanoseconds'] })).toEqual([]);
  }
  return result;
}

const noise = Buffer.from(randomBytes(300_000));
/** Not compressible by any match: every block is unlike every other. */
const bulk = Buffer.concat([noise, Buffer.from(noise).reverse(), noise.map((byte) => byte ^ 0x55)]);

interface Load {
  readonly small: number;
  readonly big: number;
}

/**
 * Many files to ask for, and big ones whose sums fill one direction while the data of others fills
 * the other.
 */
function plant({ source, destination }: Trees, { small, big }: Load): void {
  const put = (name: string, current: Uint8Array, old: Uint8Array): void => {
    for (const [root, bytes, mtime] of [
      [source, current, 1_700_000_000],
      [destination, old, 1_500_000_000],
    ] as const) {
      writeFileSync(`${root}/${name}`, bytes);
      utimesSync(`${root}/${name}`, mtime, mtime);
    }
  };
  for (let i = 0; i < 7; i++) {
    for (const root of [source, destination]) mkdirSync(`${root}/d${i}`, { recursive: true });
  }
  for (let i = 0; i < small; i++) {
    put(`d${i % 7}/small-${i}`, noise.subarray(i, i + 40 + (i % 30)), noise.subarray(0, 50));
  }
  for (let i = 0; i < big; i++) {
    put(`d${i % 7}/big-${i}`, bulk.subarray(i), Buffer.from(bulk.subarray(i)).reverse());
  }
}

describe.each([
  { buffer: 1, load: { small: 15, big: 0 } },
  { buffer: 17, load: { small: 80, big: 0 } },
  { buffer: 512, load: { small: 100, big: 1 } },
  { buffer: 4096, load: { small: 200, big: 3 } },
])('a relay with buffers of $buffer bytes', ({ buffer, load }) => {
  test.each([
    { push: true, incRecursive: true },
    { push: false, incRecursive: false },
  ])('push: $push, incremental: $incRecursive', slow, async (how) => {
    using dir = temporaryDirectory();
    const trees = { source: dir.join('src'), destination: dir.join('dst') };
    plant(trees, load);
    const { incRecursive } = how;
    // Blocks of 64 bytes: the sums of one big file are 84 kB.
    const result = await transfer(connect(buffer), trees, how.push, {
      incRecursive,
      blockSize: 64,
    });
    expect(result.stats.transferredFiles).toBe(load.small + load.big);
  });
});

describe('lists that nothing is asked for in', () => {
  let dir: TemporaryDirectory;
  afterAll(() => dir.remove());
  // More entries in one directory than a sender keeps ahead, and directories behind it.
  beforeAll(() => {
    dir = temporaryDirectory();
    mkdirSync(dir.join('src/a/sub'), { recursive: true });
    mkdirSync(dir.join('src/z'));
    mkdirSync(dir.join('dst'));
    for (let i = 0; i < 10_100; i++) writeFileSync(dir.join('src/a', `${i}`), '');
    for (const name of ['a/sub/x', 'z/x']) writeFileSync(dir.join('src', name), 'x');
  }, 120_000);

  test.each([true, false])('do not keep a sender from the next, push: %s', slow, async (push) => {
    // One that goes on only when it is asked for something would wait for ever.
    const trees = { source: dir.join('src'), destination: dir.join('dst') };
    const result = await transfer(connect(65_536), trees, push, { existing: true, times: false });
    expect(result.stats.requested).toBe(0);
  });
});
