import type { TreeSpec } from '@deltawire/testkit';
import type { DifferentialCase } from '../harness.ts';
import { noise } from '../trees.ts';

const DATA = noise(12_000, 11);
const part = (from: number, to: number): Uint8Array => DATA.subarray(from, to);
const old = (content: Uint8Array): TreeSpec[string] => ({ content, mtime: 1_400_000_000 });

const SOURCE: TreeSpec = {
  'foo-1.3.tar.gz': part(0, 9000),
  renamed: part(0, 5000),
  'zz.c': part(5000, 12_000),
  'sub/deep.txt': part(2000, 6000),
  exists: part(100, 3000),
  exists3: part(100, 2900),
  'nothing.like.it.at.all.xyz': part(0, 700),
  emptyx: part(0, 800),
  linked1: part(3000, 9000),
  linked2: { hardLink: 'linked1' },
};
const DESTINATION: TreeSpec = {
  'foo-1.2.tar.gz': old(part(0, 8500)),
  oldname: part(0, 5000),
  exists: old(part(100, 2000)),
  exists2: old(part(100, 2500)),
  linked0: old(part(3000, 8000)),
  empty: '',
  'sub/': { directory: true },
};
const A: TreeSpec = {
  'zz.c.orig': old(part(5000, 8000)),
  'sub/deep-2.txt': old(part(2000, 5000)),
};
const B: TreeSpec = { 'sub/deep.txt~': old(part(2000, 5500)) };

const run = (options: string, more: Partial<DifferentialCase> = {}): DifferentialCase => ({
  name: `fuzzy: ${options}`,
  options: ['--no-W', ...options.split(' ')],
  files: { src: SOURCE, dst: DESTINATION, a: A, b: B },
  ...more,
});

/** Files of a similar name as a basis; `--stats` tells how much came from them. */
export const FUZZY: readonly DifferentialCase[] = [
  run('-ay --stats'),
  run('-aHy --stats'),
  run('-ayy --stats --copy-dest=../a --copy-dest=../b'),
  run('-ayy --stats --link-dest=../b --link-dest=../a'),
  run('-ayy --stats --compare-dest=../a'),
  run('-ayyc --stats --compare-dest=../b'),
  run('-ay --stats --copy-dest=../a'),
  run('-ayn --stats -i'),
  run('-ay --stats --delete'),
  run('-ay --stats --delete-after'),
  run('-ay --stats --inplace'),
  run('-ay --stats --no-i-r'),
  run('-ay --stats --partial-dir=.p', {
    files: { src: SOURCE, dst: { ...DESTINATION, '.p/zz.c': part(5000, 7000) } },
  }),
  run('-ay --no-y --stats'),
  run('-ay --protocol=29 --stats'),
  run('-ay --protocol=28', { variants: ['push'], unordered: true }),
  run('-ty --stats, one file', {
    options: ['-ty', '--no-W', '--stats'],
    sources: ['src/foo-1.3.tar.gz'],
    destination: 'dst/foo-1.4.tar.gz',
  }),
];
