import type { Line } from '../measure/line.ts';

/** Every name is also a data set with an old and a new version. */
export const WORKLOADS = ['update', 'few', 'tiny'] as const;
export type WorkloadName = (typeof WORKLOADS)[number];

export const WORKLOAD_TEXTS: Readonly<Record<WorkloadName, string>> = {
  update: '2,000 files of 64 to 512 KiB',
  few: '4 files of 64 MiB',
  tiny: '5,000 files of 1 to 16 KiB',
};

/** In the order of the charts. */
export const CHECKSUMS = ['md4', 'md5', 'sha1', 'xxh64', 'xxh3', 'xxh128'] as const;
export type Checksum = (typeof CHECKSUMS)[number];

/** `loopback` is no line at all. */
export const NETWORKS = {
  loopback: undefined,
  lan: { rttMs: 1, mbit: 1000 },
  wan20: { rttMs: 20, mbit: 100 },
  wan40: { rttMs: 40, mbit: 100 },
  wan100: { rttMs: 100, mbit: 100 },
} as const satisfies Record<string, Line | undefined>;
export type NetworkName = keyof typeof NETWORKS;

export const NETWORK_TEXTS: Readonly<Record<NetworkName, string>> = {
  loopback: 'loopback',
  lan: 'LAN 1 ms',
  wan20: 'WAN 20 ms',
  wan40: 'WAN 40 ms',
  wan100: 'WAN 100 ms',
};

/** Where the basis files are when the transfer begins: in the page cache, or only on the disk. */
export type Storage = 'cached' | 'cold';

/** Who receives and who sends, and the threads of our receiver. */
export interface Mode {
  readonly receiver: 'ours' | 'rsync';
  readonly sender: 'ours' | 'rsync';
  readonly threads?: number;
  readonly label: string;
}

export const MODES = {
  rsync: { receiver: 'rsync', sender: 'rsync', label: 'rsync' },
  inline: { receiver: 'ours', sender: 'ours', threads: 0, label: 'in line' },
  ahead: { receiver: 'ours', sender: 'ours', label: 'ahead' },
  'ahead-1': { receiver: 'ours', sender: 'ours', threads: 1, label: '1 thread' },
  'ahead-2': { receiver: 'ours', sender: 'ours', threads: 2, label: '2 threads' },
  'ahead-4': { receiver: 'ours', sender: 'ours', threads: 4, label: '4 threads' },
  'from-rsync-inline': { receiver: 'ours', sender: 'rsync', threads: 0, label: 'in line' },
  'from-rsync-ahead': { receiver: 'ours', sender: 'rsync', label: 'ahead' },
} as const satisfies Record<string, Mode>;
export type ModeName = keyof typeof MODES;

/** Both ends the same program; in the order of the charts. */
export const MAIN_MODES: readonly ModeName[] = [
  'rsync',
  'inline',
  'ahead',
  'ahead-1',
  'ahead-2',
  'ahead-4',
];

/** With so many threads, whether they are worth it or not. */
export const FORCED_MODES: readonly ModeName[] = ['ahead-1', 'ahead-2', 'ahead-4'];

/** What stays the same while modes are compared. */
export interface Setting {
  readonly workload: WorkloadName;
  readonly storage: Storage;
  readonly network: NetworkName;
  readonly checksum: Checksum;
}

/** One thing to measure. */
export interface Cell extends Setting {
  readonly mode: ModeName;
  /** Something is claimed about it: measured more often. */
  readonly isKey: boolean;
}

/** `update/cached/lan/md5/ahead-2`. */
export const cellId = (setting: Setting, mode: ModeName): string =>
  [setting.workload, setting.storage, setting.network, setting.checksum, mode].join('/');

/** Whether an id begins with the parts of a pattern, in which `*` stands for any part. */
export function matchesPattern(id: string, pattern: string): boolean {
  const parts = id.split('/');
  return pattern.split('/').every((part, i) => part === '*' || part === parts[i]);
}

const FEW_MODES: readonly ModeName[] = ['rsync', 'inline', 'ahead'];
const SOME_MODES: readonly ModeName[] = [...FEW_MODES, 'ahead-2'];
const COMMON: readonly Checksum[] = ['md5', 'xxh128'];

/**
 * The cells of a full measurement, those first that something is claimed about. Not every
 * combination: all checksums meet many files and large files on loopback; the lines, the disk and
 * every number of threads are tried with MD5, rsync's old default, and XXH128, its new one. Files as small as
 * those of `tiny` are signed in line with any number of threads, and over a slow line the line is
 * what takes the time.
 */
export function fullPlan(): Cell[] {
  const cells: Cell[] = [];
  const add = (
    workload: WorkloadName,
    storage: Storage,
    networks: readonly NetworkName[],
    checksums: readonly Checksum[],
    modes: readonly ModeName[],
  ): void => {
    for (const network of networks) {
      for (const checksum of checksums) {
        const setting = { workload, storage, network, checksum };
        for (const mode of modes) cells.push({ ...setting, mode, isKey: isKey(setting) });
      }
    }
  };
  const others = CHECKSUMS.filter((checksum) => !COMMON.includes(checksum));
  add('update', 'cached', ['loopback'], COMMON, MAIN_MODES);
  add('update', 'cached', ['loopback'], COMMON, ['from-rsync-inline', 'from-rsync-ahead']);
  add('update', 'cold', ['loopback'], COMMON, MAIN_MODES);
  add('update', 'cached', ['lan'], COMMON, MAIN_MODES);
  add('update', 'cached', ['wan20', 'wan40', 'wan100'], COMMON, FEW_MODES);
  add('update', 'cached', ['loopback'], others, SOME_MODES);
  add('few', 'cached', ['loopback'], COMMON, MAIN_MODES);
  add('few', 'cached', ['loopback'], others, SOME_MODES);
  add('few', 'cached', ['lan', 'wan40'], ['xxh128'], FEW_MODES);
  add('few', 'cold', ['loopback'], COMMON, SOME_MODES);
  add('tiny', 'cached', ['loopback'], COMMON, FEW_MODES);
  add('tiny', 'cached', ['lan', 'wan40'], ['xxh128'], FEW_MODES);
  add('tiny', 'cold', ['loopback'], ['md5'], FEW_MODES);
  return cells;
}

function isKey({ workload, storage, network, checksum }: Setting): boolean {
  return (
    workload === 'update' &&
    (checksum === 'md5' || checksum === 'xxh128') &&
    (storage === 'cold' || network === 'loopback' || network === 'lan')
  );
}

/** A few cells of each kind. */
export function quickPlan(): Cell[] {
  const modes: readonly ModeName[] = ['rsync', 'inline', 'ahead', 'ahead-1'];
  const cached = ['update', 'few', 'tiny'].flatMap((w) => [
    `${w}/cached/loopback/md5`,
    `${w}/cached/loopback/xxh128`,
  ]);
  const wanted = [...cached, 'update/cached/lan/md5', 'update/cached/wan40/xxh128'];
  wanted.push('update/cold/loopback/md5');
  return fullPlan().filter(
    (cell) =>
      modes.includes(cell.mode) &&
      wanted.some((pattern) => matchesPattern(cellId(cell, cell.mode), pattern)),
  );
}
