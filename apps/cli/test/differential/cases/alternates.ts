import type { TreeSpec } from '@deltawire/testkit';
import type { DifferentialCase } from '../harness.ts';
import { noise } from '../trees.ts';

const LONG = noise(9000, 7);
const EDITED = Uint8Array.from(LONG, (byte, i) => (i > 4000 && i < 4020 ? byte ^ 0x55 : byte));

const SOURCE: TreeSpec = {
  all: 'as it is\n',
  mode: 'as it is\n',
  basis: LONG,
  second: 'only in b\n',
  better: 'better in b\n',
  fresh: 'fresh\n',
  'here, same': 'here\n',
  'here, other': 'here too\n',
  'here, mode': 'here\n',
  type: 'type\n',
  empty: '',
  'd/x': 'x\n',
  'd/e/y': 'y\n',
  'd/': { directory: true, mtime: 1_300_000_000 },
  'new/z': 'z\n',
  l1: { link: 'target' },
  l2: { link: 'target' },
  l3: { link: 'target' },
  'l, here': { link: 'target' },
  f1: { fifo: true },
  f2: { fifo: true },
  h1: 'linked\n',
  h2: { hardLink: 'h1' },
  i1: 'linked too\n',
  i2: { hardLink: 'i1' },
  j1: 'one of two\n',
  j2: { hardLink: 'j1' },
};
const DESTINATION: TreeSpec = {
  'here, same': 'here\n',
  'here, other': { content: 'other\n', mtime: 1_400_000_000 },
  'here, mode': { content: 'here\n', mode: 0o600 },
  'l, here': { link: 'other' },
};
const A: TreeSpec = {
  all: 'as it is\n',
  mode: { content: 'as it is\n', mode: 0o600 },
  basis: { content: EDITED, mtime: 1_400_000_000 },
  better: { content: 'worse in a\n', mtime: 1_400_000_000 },
  'here, same': 'here\n',
  'here, other': 'here too\n',
  'here, mode': 'here\n',
  'type/t': 't\n',
  empty: '',
  'd/x': 'x\n',
  'd/e/y': { content: 'old\n', mtime: 1_400_000_000 },
  l1: { link: 'target' },
  l2: { link: 'target', mtime: 1_400_000_000 },
  l3: { link: 'elsewhere' },
  'l, here': { link: 'target' },
  f1: { fifo: true },
  f2: { fifo: true, mode: 0o600 },
  h1: 'linked\n',
  h2: { hardLink: 'h1' },
  i1: 'linked too\n',
  i2: 'linked too\n',
  j1: 'one of two\n',
};
const B: TreeSpec = { second: 'only in b\n', better: 'better in b\n', j2: 'one of two\n' };

const run = (options: string, more: Partial<DifferentialCase> = {}): DifferentialCase => ({
  name: `alternates: ${options}`,
  options: options.split(' '),
  files: { src: SOURCE, dst: DESTINATION, a: A, b: B },
  ...more,
});

const KINDS = ['compare', 'copy', 'link'] as const;

const everyKind = KINDS.flatMap((kind): DifferentialCase[] => {
  const both = `--${kind}-dest=../a --${kind}-dest=../b`;
  return [
    run(`-aii ${both}`),
    run(`-rlvv ${both}`, { unordered: true }),
    run(`-aic --no-W ${both}`),
    run(`-ain ${both}`),
    run(`-aiI ${both}`),
    run(`-rlii --size-only ${both}`, { unordered: true }),
    run(`-rlpii ${both}`, { unordered: true }),
    run(`-aOii ${both}`),
    run(`-ai --inplace ${both}`),
    run(`-ai --delete --no-i-r ${both}`),
    run(`-ai --existing ${both}`),
    run(`-av --protocol=28 --${kind}-dest=../a`, { unordered: true }),
    run(`-ai --${kind}-dest=../none --${kind}-dest=../a/all --${kind}-dest=../b`),
    run(`-aR --no-implied-dirs -i ${both}`, {
      sources: ['src/./d/e/y', 'src/./all', 'src/./basis'],
    }),
    run(`-ti --${kind}-dest=../a, one file`, {
      options: ['-ti', `--${kind}-dest=../a`],
      sources: ['src/all'],
      destination: 'dst/all',
    }),
    run(`-ai ${both}, new destination`, {
      options: ['-ai', ...both.split(' ')],
      files: { src: SOURCE, a: A, b: B },
    }),
    run(`-abi ${both}`),
  ];
});

/** Earlier states as a basis: `--compare-dest`, `--copy-dest`, `--link-dest`. */
export const ALTERNATES: readonly DifferentialCase[] = [
  ...everyKind,
  run('-aHii --copy-dest=../a --copy-dest=../b'),
  run('-aHii --link-dest=../a --link-dest=../b', { unordered: true }),
  run('-aHi --no-i-r --compare-dest=../a --compare-dest=../b', { unordered: true }),
  run('-aHin --link-dest=../a'),
  run('-a --link-dest=../a --inplace --protocol=28', { variants: ['push'], unordered: true }),
  run('-a --link-dest=../a --copy-dest=../b'),
];
