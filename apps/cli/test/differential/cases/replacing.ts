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

/** What becomes of the old files, and of the source's. */
export const REPLACING: readonly DifferentialCase[] = [...REMOVED, ...BACKED_UP, ...PARTIALS];
