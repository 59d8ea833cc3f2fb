import type { DataSetName } from '../workloads/data-sets.ts';

/** One kind of transfer. */
export interface Workload {
  readonly name: string;
  /** `start`: only the program's own start; `daemon`: over TCP on the loopback interface. */
  readonly where: 'start' | 'local' | 'daemon';
  /** `update/new` is the part of a set that is sent. */
  readonly source: DataSetName | `${DataSetName}/new`;
  /** What is there before: nothing, the same tree, or the set's `old/`. */
  readonly before: 'empty' | 'same' | 'old';
  readonly way: 'pull' | 'push';
  /** Besides `-a`. */
  readonly options?: readonly string[];
  /** Most wall time allowed, as a multiple of rsync's. */
  readonly maxRatio?: number;
  /** Largest peak memory allowed for our client. */
  readonly maxPeakMiB?: number;
}

/** `--version` may take so much longer than `node -e 0`. */
export const MAX_START_MS = 60;

export const WORKLOADS: readonly Workload[] = [
  { name: 'version', where: 'start', source: 'one', before: 'same', way: 'pull' },
  { ...local('small-copy', 'small', 'empty') },
  { ...local('small-noop', 'small', 'same'), maxRatio: 1.5 },
  { ...local('many-noop', 'many', 'same'), maxPeakMiB: 150 },
  { ...daemon('small-pull-noop', 'small', 'same', 'pull'), maxRatio: 1.5 },
  { ...daemon('small-pull', 'small', 'empty', 'pull'), maxRatio: 1.5 },
  { ...daemon('small-push', 'small', 'empty', 'push'), maxRatio: 1.5 },
  { ...daemon('many-pull-noop', 'many', 'same', 'pull'), maxPeakMiB: 150 },
  { ...daemon('big-pull', 'big', 'empty', 'pull'), maxRatio: 1.5 },
  { ...daemon('big-push', 'big', 'empty', 'push'), maxRatio: 1.5 },
  { ...daemon('delta-pull', 'delta/new', 'old', 'pull'), maxRatio: 1 },
  { ...daemon('delta-push', 'delta/new', 'old', 'push'), maxRatio: 1 },
  { ...daemon('update-pull', 'update/new', 'old', 'pull') },
  { ...daemon('update-push', 'update/new', 'old', 'push') },
];

function local(name: string, source: Workload['source'], before: Workload['before']): Workload {
  return { name, where: 'local', source, before, way: 'pull' };
}

function daemon(
  name: string,
  source: Workload['source'],
  before: Workload['before'],
  way: Workload['way'],
): Workload {
  return { name, where: 'daemon', source, before, way };
}
