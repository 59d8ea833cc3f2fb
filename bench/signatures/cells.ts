import { availableParallelism } from 'node:os';
import type { Line } from '../measure/line.ts';

/** Every name is also a data set with an old and a new version. */
export const WORKLOADS = ['update', 'few', 'tiny'] as const;
export type WorkloadName = (typeof WORKLOADS)[number];

export const WORKLOAD_TEXTS: Readonly<Record<WorkloadName, string>> = {
  update: '2,000 files of 64 to 512 KiB',
  few: '8 files of 64 MiB',
  tiny: '20,000 files of 1 to 16 KiB',
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
  'ahead-1': { receiver: 'ours', sender: 'ours', threads: 1, label: 'ahead, 1 thread' },
  'ahead-2': { receiver: 'ours', sender: 'ours', threads: 2, label: 'ahead, 2' },
  'ahead-4': { receiver: 'ours', sender: 'ours', threads: 4, label: 'ahead, 4' },
  'from-rsync-inline': { receiver: 'ours', sender: 'rsync', threads: 0, label: 'in line' },
  'from-rsync-ahead': { receiver: 'ours', sender: 'rsync', label: 'ahead' },
} as const satisfies Record<string, Mode>;
export type ModeName = keyof typeof MODES;

/** Both ends the same program; in the order of the charts. */
export const MAIN_MODES: readonly ModeName[] = ['rsync', 'inline', 'ahead-1', 'ahead-2', 'ahead-4'];

const threads = Math.min(availableParallelism(), 4);
/** The mode nearest to what happens without an option on this machine. */
export const DEFAULT_AHEAD: ModeName =
  threads === 4 ? 'ahead-4' : threads === 1 ? 'ahead-1' : 'ahead-2';

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
  /** Something is claimed about it: measured twice as often. */
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

/**
 * The cells of a full measurement, in an order that changes the destination rarely and lets the modes
 * follow one another. Not every combination: all checksums meet all workloads on loopback, the lines
 * and the disk are tried with MD5, rsync's old default, and XXH128, its new one.
 */
export function fullPlan(): Cell[] {
  const few: readonly ModeName[] = ['rsync', 'inline', DEFAULT_AHEAD];
  const lines: readonly NetworkName[] = ['lan', 'wan20', 'wan40', 'wan100'];
  const common: readonly Checksum[] = ['md5', 'xxh128'];
  const cells: Cell[] = [];
  const add = (setting: Setting, modes: readonly ModeName[]): void => {
    for (const mode of modes) cells.push({ ...setting, mode, isKey: isKey(setting) });
  };
  for (const workload of WORKLOADS) {
    for (const checksum of CHECKSUMS) {
      // Files as small as these are never handed to a thread, however many there are.
      const modes = workload === 'tiny' && !common.includes(checksum) ? few : MAIN_MODES;
      add({ workload, storage: 'cached', network: 'loopback', checksum }, modes);
    }
    for (const network of lines) {
      if (workload !== 'update' && network !== 'lan' && network !== 'wan40') continue;
      for (const checksum of workload === 'update' ? common : (['xxh128'] as const)) {
        const modes = workload === 'update' ? MAIN_MODES : few;
        add({ workload, storage: 'cached', network, checksum }, modes);
      }
    }
    for (const checksum of workload === 'tiny' ? (['md5'] as const) : common) {
      const modes = workload === 'tiny' ? few : MAIN_MODES;
      add({ workload, storage: 'cold', network: 'loopback', checksum }, modes);
    }
  }
  for (const checksum of common) {
    const setting = {
      workload: 'update',
      storage: 'cached',
      network: 'loopback',
      checksum,
    } as const;
    add(setting, ['from-rsync-inline', 'from-rsync-ahead']);
  }
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
  const modes: readonly ModeName[] = ['rsync', 'inline', 'ahead-1', 'ahead-2'];
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
