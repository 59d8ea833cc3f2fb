/**
 * Trees as they are found: packages with their links, sources with their repository. With
 * DELTAWIRE_BIG=1 the whole of `node_modules`, and files of gigabytes; set TMPDIR to a place with 16 GiB.
 */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findRsync, randomBytes } from '@deltawire/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectEqualTrees, expectSuccess, Peers, ROUTES } from './peers.ts';

const BIG = process.env.DELTAWIRE_BIG === '1';
const MINUTES = 60_000;
const repository = fileURLToPath(new URL('../../../../', import.meta.url));

const peers = new Peers();
afterAll(() => peers[Symbol.asyncDispose](), MINUTES);

/** A copy that stays as it is while the tests run, with times that nobody has just set. */
function stage(name: string, sources: readonly string[], ...options: string[]): string {
  const directory = peers.path(name);
  mkdirSync(directory);
  execFileSync(findRsync(), ['-aH', ...options, ...sources, directory]);
  utimesSync(directory, 1_500_000_000, 1_500_000_000);
  return directory;
}

const trees = [
  {
    name: 'node_modules',
    make(): string {
      const store = `${repository}node_modules/.pnpm`;
      if (BIG) return stage('node_modules', [`${repository}node_modules`]);
      const some = readdirSync(store).sort().slice(0, 60);
      const paths = [...some.map((entry) => `${store}/${entry}`), `${repository}node_modules/.bin`];
      return stage('node_modules', paths, '--max-size=100k');
    },
  },
  {
    name: 'sources with their repository',
    make: () =>
      stage(
        'sources',
        [repository],
        '--exclude=node_modules',
        '--exclude=dist',
        '--exclude=.turbo',
      ),
  },
];

describe.each(trees)('$name', ({ name, make }) => {
  let source = '';
  beforeAll(() => {
    source = make();
    const entries = readdirSync(source, { recursive: true });
    expect(entries.length).toBeGreaterThan(BIG && name === 'node_modules' ? 10_000 : 500);
  }, 5 * MINUTES);

  test.each(ROUTES)(
    '$client $direction $server',
    async (route) => {
      const destination = peers.path(`copy-${name}-${Object.values(route).join('-')}`);
      const call = {
        ...route,
        transport: BIG ? ('daemon' as const) : ('shell' as const),
        source: `${source}/`,
        destination,
        timeoutMs: 5 * MINUTES,
      };
      expectSuccess(await peers.run({ ...call, options: ['-aH'] }), '');
      expectEqualTrees(source, destination);
      expectSuccess(await peers.run({ ...call, options: ['-aHi', '--delete'] }), '');
      rmSync(destination, { recursive: true });
    },
    10 * MINUTES,
  );
});

/** Write a block of noise at each place of a file that is `size` bytes long. */
function makeFile(path: string, size: number, noiseAt: readonly number[], blockSize: number): void {
  const fd = openSync(path, 'w');
  ftruncateSync(fd, size);
  const noise = randomBytes(blockSize, size % 1000);
  for (const [i, position] of noiseAt.entries()) {
    noise[0] = i % 251;
    writeSync(fd, noise, 0, Math.min(blockSize, size - position), position);
  }
  closeSync(fd);
  execFileSync('touch', ['-d', '@1500000000.123456789', path]);
}

const GIB = 2 ** 30;
const MIB = 2 ** 20;

describe.runIf(BIG).each([
  {
    name: 'a sparse file of 6 GiB',
    make: (path: string) => {
      const places = [0, 2 * GIB - 1000, 3 * GIB, 4 * GIB - 500, 4 * GIB + 12_345, 6 * GIB - 1001];
      makeFile(path, 6 * GIB, places, 1001);
      expect(statSync(path).blocks * 512).toBeLessThan(MIB);
    },
    edit: (path: string) => {
      const fd = openSync(path, 'r+');
      writeSync(fd, 'changed', 5 * GIB);
      closeSync(fd);
    },
  },
  {
    name: 'a file of 1 GiB of noise',
    make: (path: string) => {
      const places = Array.from({ length: 1024 }, (_, i) => i * MIB);
      makeFile(path, GIB, places, MIB);
    },
    edit: (path: string) => {
      const fd = openSync(path, 'r+');
      for (let i = 0; i < 50; i++) writeSync(fd, `changed ${i}`, i * 20_000_003);
      closeSync(fd);
    },
  },
])('$name', ({ name, make, edit }) => {
  const source = peers.path(`${name} source`);
  const file = `${source}/file`;
  beforeAll(() => {
    mkdirSync(source);
    make(file);
  }, 5 * MINUTES);

  test.each(ROUTES)(
    '$client $direction $server',
    async (route) => {
      const destination = peers.path(`${name} copy`);
      const call = {
        ...route,
        transport: 'daemon' as const,
        source: `${source}/`,
        destination,
        timeoutMs: 20 * MINUTES,
      };
      expectSuccess(await peers.run({ ...call, options: ['-a'] }), '');
      execFileSync('cmp', [file, `${destination}/file`]);
      edit(file);
      const result = await peers.run({ ...call, options: ['-a', '--no-whole-file', '--stats'] });
      expectSuccess(result);
      execFileSync('cmp', [file, `${destination}/file`]);
      const literal = /Literal data: ([\d,]+)/.exec(result.output)?.[1]?.replaceAll(',', '');
      expect(Number(literal)).toBeLessThan(20 * MIB);
      expectSuccess(await peers.run({ ...call, options: ['-ai'] }), '');
      rmSync(destination, { recursive: true });
    },
    60 * MINUTES,
  );
});

test('the checkout is where it should be', () => {
  expect(existsSync(`${repository}pnpm-workspace.yaml`)).toBe(true);
});
