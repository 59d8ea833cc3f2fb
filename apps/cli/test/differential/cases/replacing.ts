import type { TreeSpec } from '@deltawire/testkit';
import type { DifferentialCase } from '../harness.ts';
import { noise, SOURCE, STALE } from '../trees.ts';

const run = (options: string, more: Partial<DifferentialCase> = {}): DifferentialCase => ({
  name: `replacing: ${options}`,
  options: options.split(' '),
  files: { src: SOURCE, dst: STALE },
  ...more,
});

const NODES: TreeSpec = {
  f: 'f\n',
  fifo: { fifo: true },
  ln: { link: 'f' },
  'd/g': 'g\n',
  'd/h': { hardLink: 'd/g' },
};

const REMOVED: readonly DifferentialCase[] = [
  run('-ai --remove-source-files'),
  run('-av --remove-source-files --info=remove', { unordered: true }),
  run('-aHi --remove-source-files --info=remove', { unordered: true }),
  run('-ain --remove-source-files'),
  run('-ai --remove-sent-files --ignore-existing'),
  run('-ai --remove-source-files --protocol=29'),
  run('-a --remove-source-files --protocol=28 --exclude=sub'),
  run('-rv --remove-source-files --size-only'),
  run('-aHi --remove-source-files nodes', {
    options: ['-aHi', '--remove-source-files'],
    files: { src: NODES, dst: { f: 'f\n' } },
  }),
  run('-ai --remove-source-files as user', {
    options: ['-ai', '--remove-source-files'],
    files: { src: { 'ro/x': 'x\n', 'ro/': { directory: true, mode: 0o555 }, y: 'y\n' }, dst: {} },
    asUser: true,
  }),
];

const OLD: TreeSpec = {
  a: { content: 'old\n', mtime: 1_400_000_000, mode: 0o600 },
  'sub/b': { content: 'older\n', mtime: 1_400_000_001 },
  'sub/': { directory: true, mode: 0o2750, mtime: 1_400_000_002 },
  l: { link: 'old' },
  'gone/g': 'g\n',
  'gone/x~': 'x\n',
  'gd/x/y': 'y\n',
  y: 'y\n',
  'b~': 'b\n',
  't/q': 'q\n',
  u: 'u\n',
  h1: 'h\n',
  h2: { hardLink: 'h1' },
};
const NEW: TreeSpec = {
  a: 'new\n',
  'sub/b': 'newer\n',
  l: { link: 'new' },
  t: 't\n',
  'u/': null,
  h1: 'h, but new\n',
  h2: { hardLink: 'h1' },
};
const backup = (options: string, more: Partial<DifferentialCase> = {}): DifferentialCase =>
  run(options, { files: { src: NEW, dst: OLD }, unordered: true, ...more });

const BACKED_UP: readonly DifferentialCase[] = [
  backup('-aib'),
  backup('-avb --info=backup'),
  backup('-aibH --info=backup'),
  backup('-aib --delete'),
  backup('-aib --delete --info=backup'),
  backup('-aib --delete-after --suffix=.old --info=backup'),
  backup('-aib --delete-excluded'),
  backup('-aib --delete --force --no-i-r'),
  backup('-ai --backup-dir=../kept --info=backup'),
  backup('-ai --backup-dir=../kept --delete --info=backup'),
  backup('-ai --backup-dir=kept --suffix=.old --delete --exclude=/kept --info=backup'),
  backup('-ain --backup-dir=kept --delete'),
  backup('-ainb --delete'),
  backup('-aib --inplace --no-W --info=backup'),
  backup('-aib --inplace -W'),
  backup('-aib --inplace --no-W --backup-dir=kept'),
  backup('-ab --inplace --no-W --protocol=28 --exclude=h*'),
  backup('-aib --delete --protocol=29'),
  backup('-rb --size-only --info=backup'),
  run('-ab'),
  run('-ab --delete --stats', { options: ['-ab', '--delete', '-i'] }),
  backup('-ai --backup-dir=u'),
  backup('-aib --delete -C --exclude=gd'),
];

const PARTIAL: TreeSpec = {
  'sub/.pp/big': { content: noise(50_000, 7), mode: 0o600 },
  'sub/stale': 'stale\n',
  'sub/.pp/stale': 'part of it\n',
  '.pp/a': 'al',
  '.pp/other': 'other\n',
  'gone/.pp/x': 'x\n',
};
const WHOLE: TreeSpec = {
  'sub/big': { content: noise(60_000, 7), mtime: 1_500_000_007 },
  'sub/stale': 'stale\n',
  a: 'alpha\n',
};
const partial = (options: string, more: Partial<DifferentialCase> = {}): DifferentialCase =>
  run(options, { files: { src: WHOLE, dst: PARTIAL }, ...more });

const PARTIALS: readonly DifferentialCase[] = [
  partial('-ai --partial-dir=.pp --no-W'),
  partial('-aii --partial-dir=.pp -W'),
  partial('-ai --partial-dir=.pp --no-W --delete'),
  partial('-ai --partial-dir=.pp --no-W --delete-excluded'),
  partial('-ain --partial-dir=.pp --delete'),
  partial('-ai --partial-dir=.pp --no-W --protocol=29 --delete'),
  partial('-a --partial-dir=.pp --no-W --protocol=28 --delete'),
  partial('-ai --partial-dir=.pp --no-W --no-i-r'),
  partial('-aib --partial-dir=.pp --no-W'),
  partial('-ai --delay-updates'),
  partial('-ai --delay-updates --partial-dir=.pp --no-W --delete', { unordered: true }),
  partial('-aC --delay-updates --delete-delay -i', { unordered: true }),
  partial('-ai --partial in the environment', {
    options: ['-ai', '--partial', '--no-W'],
    env: { RSYNC_PARTIAL_DIR: '.pp' },
  }),
  run('-ai --delay-updates --no-W'),
  run('-aHi --delay-updates --no-W', { unordered: true }),
  run('-ai --delay-updates --delete-after --backup', { unordered: true }),
  run('-ai --delay-updates --remove-source-files'),
  run('-ai --delay-updates --protocol=29 --no-W'),
  run('-a --delay-updates --protocol=28 --no-W'),
];

const content = noise(5000, 3);
const GROWN: TreeSpec = {
  big: content,
  bad: content,
  longer: content.subarray(0, 100),
  new: 'new\n',
  same: 'same\n',
  short: 'short\n',
};
const BEGUN: TreeSpec = {
  big: { content: content.subarray(0, 3000), mtime: 1_400_000_000 },
  bad: { content: noise(3000, 4), mtime: 1_400_000_000 },
  longer: { content, mtime: 1_400_000_000 },
  same: { content: 'SAME\n', mtime: 1_400_000_000 },
  short: { content: '', mtime: 1_400_000_000 },
};
/** The receiver says what failed verification, while the items of others are told. */
const grown = (options: string, more: Partial<DifferentialCase> = {}): DifferentialCase =>
  run(options, { files: { src: GROWN, dst: BEGUN }, unordered: true, ...more });

const APPENDED: readonly DifferentialCase[] = [
  grown('-ai --append'),
  grown('-aii --append'),
  grown('-ain --append'),
  grown('-ai --append-verify'),
  grown('-av --append-verify --no-i-r'),
  grown('-ai --append-verify --protocol=29'),
  grown('-a --append --protocol=27'),
  grown('-ai --append --protocol=30'),
  grown('-ai --append -b'),
  grown('-ai --append-verify -b --info=backup'),
  grown('-az --append-verify -i'),
  grown('-ai --append --ignore-times'),
  grown('-ac --append -i'),
];

const HOLES: TreeSpec = {
  zeros: { content: new Uint8Array(300_000) },
  ends: { content: Uint8Array.from({ length: 50_000 }, (_, i) => (i === 20_000 ? 1 : 0)) },
  mixed: { content: Uint8Array.from({ length: 70_000 }, (_, i) => ((i >> 12) % 2 ? i : 0)) },
  none: 'none\n',
};
const FULL: TreeSpec = {
  zeros: { content: noise(300_100, 5), mtime: 1_400_000_000 },
  mixed: { content: noise(10_000, 5), mtime: 1_400_000_000 },
};
const WRITTEN: readonly DifferentialCase[] = [
  run('-aiS', { files: { src: HOLES, dst: {} } }),
  run('-aiS --no-W', { files: { src: HOLES, dst: FULL } }),
  run('-aiS --inplace --no-W', { files: { src: HOLES, dst: FULL } }),
  run('-aiS --inplace', { files: { src: HOLES, dst: FULL } }),
  run('-aiz --sparse', { files: { src: HOLES, dst: FULL } }),
  run('-ai --fsync'),
  run('-ai --fsync --inplace --no-W'),
];

const MISSING: TreeSpec = { b: 'b\n', 'gone/x': 'x\n', 'empty/': null, l: { link: 'b' } };
const missing = (options: string, more: Partial<DifferentialCase> = {}): DifferentialCase =>
  run(`missing ${options}`, {
    options: options.split(' '),
    files: { src: { a: 'a\n' }, dst: MISSING },
    sources: ['src/a', 'src/b', 'src/gone', 'src/empty', 'src/l', 'src/nowhere'],
    ...more,
  });
const MISSING_ARGUMENTS: readonly DifferentialCase[] = [
  missing('-ai --ignore-missing-args'),
  missing('-ai --delete-missing-args'),
  missing('-av --delete-missing-args'),
  missing('-ain --delete-missing-args'),
  missing('-ai --delete-missing-args --force'),
  missing('-ai --delete-missing-args --delete'),
  missing('-ai --delete-missing-args -b'),
  missing('-ai --delete-missing-args --protocol=29'),
  missing('-a --delete-missing-args --stats', { variants: ['local', 'push', 'served-push'] }),
  missing('-ai --delete-missing-args --ignore-missing-args'),
  missing('-ai', { unordered: true }),
];

/** What becomes of the old files, and of the source's. */
export const REPLACING: readonly DifferentialCase[] = [
  ...REMOVED,
  ...BACKED_UP,
  ...PARTIALS,
  ...APPENDED,
  ...WRITTEN,
  ...MISSING_ARGUMENTS,
];
