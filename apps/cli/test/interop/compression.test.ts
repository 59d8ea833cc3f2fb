/**
 * Compressed transfers between the two programs: every compressor, direction and protocol, whole files
 * and deltas at once; long blocks, which old protocols put into zlib's window in their own way; and as
 * many bytes on the wire as rsync needs.
 */
import { readFileSync } from 'node:fs';
import { createRandom, makeTree, randomBytes, type TreeSpec } from '@deltawire/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  DIRECTIONS,
  type Direction,
  expectEqualTrees,
  expectSuccess,
  limited,
  PAIRINGS,
  type Pairing,
  Peers,
  PROTOCOLS,
  type Program,
} from './peers.ts';

const peers = new Peers();
afterAll(() => peers[Symbol.asyncDispose]());

const COMPRESSORS = ['zlib', 'zlibx', 'zstd', 'lz4'];

interface Route extends Pairing {
  readonly direction: Direction;
}

const ROUTES: readonly Route[] = PAIRINGS.flatMap((pairing) =>
  DIRECTIONS.map((direction) => ({ ...pairing, direction })),
);

const title = ({ client, server, direction }: Route): string =>
  `${client} ${direction === 'push' ? '->' : '<-'} ${server}`;

/** English with tables, some 350 KB of it. */
const text = Buffer.concat(
  ['session', 'data'].map((name) =>
    readFileSync(new URL(`../../../../docs/spec/${name}.md`, import.meta.url)),
  ),
);
const noise = randomBytes(400_000, 1);

/** The same bytes with something overwritten, put in and left out. */
function edit(bytes: Uint8Array, edits: number, seed: number): Buffer {
  const random = createRandom(seed);
  const parts: Uint8Array[] = [];
  const step = Math.floor(bytes.length / edits);
  for (let i = 0; i < edits; i++) {
    const part = Buffer.from(
      bytes.subarray(i * step, i === edits - 1 ? undefined : (i + 1) * step),
    );
    const at = Math.floor(random() * (part.length / 2));
    if (i % 3 === 0) part.write('overwritten', at);
    parts.push(
      i % 3 === 1 ? part.subarray(0, at) : part.subarray(0, 0),
      part.subarray(i % 3 === 1 ? at + 7 : 0),
    );
    if (i % 3 === 2) parts.push(text.subarray(i * 1000, i * 1000 + 900));
  }
  return Buffer.concat(parts);
}

/** Most of it is at the destination already, in an older state. */
const BEFORE: TreeSpec = {
  text,
  noise,
  same: 'same',
  'dir/small': 'some text that will be longer',
};
const AFTER: TreeSpec = {
  text: edit(text, 40, 2),
  noise: edit(noise, 12, 3),
  same: 'same',
  'dir/small': 'some text that will be longer, and now it is',
  'dir/new text': text.subarray(0, 150_000),
  'dir/new noise': noise.subarray(0, 120_000),
  'dir/zeros': Buffer.alloc(300_000),
  empty: '',
  one: '1',
};

const MTIME = '1600000000';

beforeAll(() => makeTree(peers.path('after'), AFTER, { mtime: MTIME }));

let count = 0;

/** Send `source` to a destination that has `before`; returns what the client prints. */
async function transfer(
  route: Route,
  options: readonly string[],
  source: string = 'after',
  before: TreeSpec = BEFORE,
): Promise<string> {
  const name = `destination-${count++}`;
  makeTree(peers.path(name), before, { mtime: '1500000000' });
  const result = await peers.run({
    ...route,
    transport: 'shell',
    options: ['-a', '--no-whole-file', ...options],
    source: `${peers.path(source)}/`,
    destination: peers.path(name),
  });
  expectSuccess(result);
  expectEqualTrees(peers.path(source), peers.path(name));
  peers.remove(name);
  return result.output;
}

describe('trees are equal', () => {
  const scenarios = COMPRESSORS.flatMap((compressor) =>
    PROTOCOLS.flatMap((protocol) =>
      ROUTES.map((route) => ({
        route,
        options: [`--compress-choice=${compressor}`, `--protocol=${protocol}`],
        name: `${compressor}, protocol ${protocol}: ${title(route)}`,
      })),
    ),
  );
  test.concurrent.each(scenarios)(
    '$name',
    async ({ route, options }) => void (await limited(() => transfer(route, options))),
    120_000,
  );
});

describe('every way to ask', () => {
  const asking = [
    '-z',
    '-zz',
    '-z --protocol=29',
    '-z --protocol=30',
    '--old-compress',
    '--new-compress',
    '--compress-level=9',
    '-z --compress-level=-3',
    '-z --compress-level=99',
    '--zc=zlib --zl=0',
    '--zc=zlib --zl=1',
    '--zc=zlibx --zl=9',
    '--zc=zstd --zl=19 --zt=2',
    '--zc=none',
    '-z --skip-compress=text/noise',
    '-z --inplace',
    '--zc=zlib --inplace --protocol=29',
    '--zc=zlib --block-size=512',
    '--zc=zstd --checksum-choice=md5 --no-inc-recursive',
  ];
  const scenarios = asking.flatMap((line) =>
    ROUTES.filter(({ client, server }) => client !== server).map((route) => ({
      route,
      options: line.split(' '),
      name: `${line}: ${title(route)}`,
    })),
  );
  test.concurrent.each(scenarios)(
    '$name',
    async ({ route, options }) => void (await limited(() => transfer(route, options))),
    120_000,
  );

  test.each(DIRECTIONS)('a %s with RSYNC_COMPRESS_LIST on both sides', async (direction) => {
    for (const [client, server] of [
      ['deltawire', 'rsync'],
      ['rsync', 'deltawire'],
    ] as const) {
      const run = (list: string, option: string) =>
        peers.run({
          client,
          server,
          direction,
          transport: 'shell',
          options: ['-a', option],
          env: { RSYNC_COMPRESS_LIST: list },
          source: `${peers.path('after')}/`,
          destination: peers.path('by-list'),
        });
      expectSuccess(await run('zlib lz4&lz4', '-z'));
      expectEqualTrees(peers.path('after'), peers.path('by-list'));
      peers.remove('by-list');
      const failed = await run('zlib&zstd', '-z');
      expect(failed.code).toBe(4);
      expect(failed.errors).toContain(
        'Failed to negotiate a compress choice.\nServer list: zstd\nClient list: zlib\n',
      );
      const refused = await run('&zlib', '--zc=zstd');
      expect(refused.code).not.toBe(0);
      expect(refused.errors).toContain(
        'Your --compress-choice value (zstd) was refused by the server.\n',
      );
    }
  });

  test('a copy within this machine', async () => {
    const route: Route = { client: 'deltawire', server: 'deltawire', direction: 'push' };
    for (const option of ['-z', '--zc=zlib']) {
      const result = await peers.run({
        ...route,
        transport: 'local',
        options: ['-a', option],
        source: `${peers.path('after')}/`,
        destination: peers.path('here'),
      });
      expectSuccess(result, '');
      expectEqualTrees(peers.path('after'), peers.path('here'));
      peers.remove('here');
    }
  });
});

/**
 * Blocks of more than 65535 bytes, each followed by literal data that repeats what its beginning, its
 * middle and its end have: what the window holds decides how that is compressed.
 */
function longBlocks(length: number): { before: TreeSpec; after: TreeSpec } {
  const blocks = Array.from({ length: 3 }, (_, i) => Buffer.from(randomBytes(length, 10 + i)));
  const pieces = blocks.flatMap((block, i) => {
    const at = (offset: number): Buffer => block.subarray(offset, offset + 300);
    const repeats = [0, 20_000, 34_000, 60_000, 65_300, length - 35_000, length - 400].map(at);
    return [block, ...repeats, Buffer.from(`literal ${i}`)];
  });
  return { before: { file: Buffer.concat(blocks) }, after: { file: Buffer.concat(pieces) } };
}

describe('zlib with long blocks', () => {
  // One piece, two, and two with a little more: rsync takes no longer blocks.
  const lengths = [65_535, 65_536, 100_000, 131_070, 131_072];
  const scenarios = lengths
    .flatMap((length) => [29, 30, 31, 32].map((protocol) => ({ length, protocol })))
    .flatMap((layout) =>
      ROUTES.map((route) => ({
        ...layout,
        route,
        name: `${layout.length} bytes, protocol ${layout.protocol}: ${title(route)}`,
      })),
    );
  beforeAll(() => {
    for (const length of new Set(scenarios.map((scenario) => scenario.length))) {
      makeTree(peers.path(`long-${length}`), longBlocks(length).after, { mtime: MTIME });
    }
  });

  test.concurrent.each(scenarios)(
    '$name',
    ({ length, protocol, route }) =>
      limited(async () => {
        const options = ['--zc=zlib', `-B${length}`, `--protocol=${protocol}`, '--stats'];
        const { before } = longBlocks(length);
        const output = await transfer(route, options, `long-${length}`, before);
        // All three blocks have matched, at the first attempt.
        expect(output).toContain(`Matched data: ${(3 * length).toLocaleString('en')} bytes`);
      }),
    120_000,
  );
});

describe('bytes on the wire', () => {
  const rows: string[] = [];
  afterAll(() => {
    if (rows.length === 0) return;
    const head = 'compressor  level  files    rsync  deltawire  difference';
    console.log([head, ...rows.sort()].join('\n'));
  });

  /** Largest difference to rsync's figure. */
  const TOLERANCE = 0.02;
  const cases = [
    ...[1, 3, 6, 9].map((level) => ({ compressor: 'zlib', level })),
    ...[1, 6, 9].map((level) => ({ compressor: 'zlibx', level })),
    ...[-5, 1, 3, 9, 19].map((level) => ({ compressor: 'zstd', level })),
    { compressor: 'lz4', level: 0 },
  ].flatMap((choice) => [
    { ...choice, files: 'whole' },
    { ...choice, files: 'delta' },
  ]);

  async function sent(
    client: Program,
    options: readonly string[],
    before: TreeSpec,
  ): Promise<number> {
    const route: Route = { client, server: 'rsync', direction: 'push' };
    const output = await transfer(route, options, 'after', before);
    return Number(/Total bytes sent: ([\d,]+)/.exec(output)![1]!.replaceAll(',', ''));
  }

  test.concurrent.each(cases)(
    '$compressor, level $level, $files',
    ({ compressor, level, files }) =>
      limited(async () => {
        const options = [`--zc=${compressor}`, `--zl=${level}`, '--stats', '--checksum-seed=1'];
        const before = files === 'whole' ? {} : BEFORE;
        const theirs = await sent('rsync', options, before);
        const ours = await sent('deltawire', options, before);
        const difference = ours / theirs - 1;
        rows.push(
          `${compressor.padEnd(10)} ${String(level).padStart(6)}  ${files}  ` +
            `${String(theirs).padStart(7)}  ${String(ours).padStart(9)}  ` +
            `${difference < 0 ? '' : '+'}${(100 * difference).toFixed(2)} %`,
        );
        expect(Math.abs(difference)).toBeLessThan(TOLERANCE);
      }),
    120_000,
  );
});

test('the matrix is complete', () => {
  expect(ROUTES).toHaveLength(6);
  expect(COMPRESSORS.length * PROTOCOLS.length * ROUTES.length).toBe(144);
});
