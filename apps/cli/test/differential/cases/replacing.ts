import type { TreeSpec } from '@deltawire/testkit';
import type { DifferentialCase } from '../harness.ts';
import { SOURCE, STALE } from '../trees.ts';

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

/** What becomes of the old files, and of the source's. */
export const REPLACING: readonly DifferentialCase[] = [...REMOVED];
