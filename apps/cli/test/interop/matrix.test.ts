/**
 * Every pairing of the two programs, every way to connect them, both directions, every protocol, with
 * and without incremental recursion: first copy, nothing to do, edits and deletions.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  DIRECTIONS,
  type Direction,
  expectEqualTrees,
  expectSuccess,
  limited,
  PAIRINGS,
  Peers,
  PROTOCOLS,
  type Program,
  type Transport,
} from './peers.ts';
import { editEveryKind, makeEveryKind } from './trees.ts';

const peers = new Peers();
afterAll(() => peers[Symbol.asyncDispose]());

interface Scenario {
  readonly client: Program;
  readonly server: Program;
  readonly transport: Transport;
  readonly direction: Direction;
  readonly protocol: number;
  readonly incremental: boolean;
}

/** Incremental recursion exists from protocol 30 on. */
const VERSIONS = PROTOCOLS.flatMap((protocol) =>
  (protocol < 30 ? [false] : [true, false]).map((incremental) => ({ protocol, incremental })),
);

const REMOTE: Scenario[] = PAIRINGS.flatMap((pairing) =>
  (['shell', 'daemon'] as const).flatMap((transport) =>
    DIRECTIONS.flatMap((direction) =>
      VERSIONS.map((version) => ({ ...pairing, transport, direction, ...version })),
    ),
  ),
);

const LOCAL: Scenario[] = VERSIONS.map((version) => ({
  client: 'deltawire',
  server: 'deltawire',
  transport: 'local',
  direction: 'push',
  ...version,
}));

/** Sources: before and after the edits, by what the protocol can carry. They are only read. */
const source = (edited: boolean, protocol: number): string =>
  peers.path(`source-${protocol}-${edited ? 'edited' : 'first'}`);

beforeAll(() => {
  for (const protocol of PROTOCOLS) {
    makeEveryKind(source(false, protocol), protocol);
    editEveryKind(source(true, protocol), protocol);
  }
}, 60_000);

let count = 0;

/** Copy, copy again, copy the edited source with deletions, and again. */
async function checkScenario(scenario: Scenario, options: readonly string[]): Promise<void> {
  const { protocol, incremental, ...route } = scenario;
  const destination = peers.path(`destination-${count++}`);
  const run = async (edited: boolean, ...more: string[]) => {
    const off = protocol >= 30 && !incremental ? ['--no-inc-recursive'] : [];
    const from = source(edited, protocol);
    const result = await peers.run({
      ...route,
      options: [...options, `--protocol=${protocol}`, ...off, ...more],
      source: `${from}/`,
      destination,
    });
    expectSuccess(result, '');
    expectEqualTrees(from, destination);
  };
  await run(false);
  await run(false, '-i');
  await run(true, '--delete');
  await run(true, '-i', '--delete');
  rmSync(destination, { recursive: true, force: true });
}

const title = ({ client, server, transport, direction, protocol, incremental }: Scenario): string =>
  `${client} ${direction === 'push' ? '->' : '<-'} ${server}, ${transport}, ` +
  `protocol ${protocol}${protocol < 30 ? '' : incremental ? ', incremental' : ', whole list'}`;

describe('trees are equal', () => {
  const scenarios = [...REMOTE, ...LOCAL].map((scenario) => ({ scenario, name: title(scenario) }));
  test.concurrent.each(scenarios)(
    '$name',
    ({ scenario }) => limited(() => checkScenario(scenario, ['-aH', '--no-whole-file'])),
    120_000,
  );
});

describe('checksums', () => {
  const names = ['xxh128', 'xxh3', 'xxh64', 'md5', 'md4', 'sha1', 'none'];
  const scenarios = names.flatMap((checksum) =>
    PAIRINGS.filter(({ client, server }) => client !== server).flatMap((pairing) =>
      DIRECTIONS.map((direction) => {
        const scenario: Scenario = {
          ...pairing,
          transport: 'shell',
          direction,
          protocol: 32,
          incremental: true,
        };
        return { scenario, checksum, name: `${checksum}: ${title(scenario)}` };
      }),
    ),
  );
  test.concurrent.each(scenarios)(
    '$name',
    ({ scenario, checksum }) => {
      const options = ['-aH', '--no-whole-file', `--checksum-choice=${checksum}`];
      // --checksum compares by the same sum, which `none` cannot.
      if (checksum !== 'none') options.push('--checksum');
      return limited(() => checkScenario(scenario, options));
    },
    120_000,
  );
});

test('the matrix is complete', () => {
  expect(REMOTE).toHaveLength(3 * 2 * 2 * 9);
  expect(LOCAL).toHaveLength(9);
});
