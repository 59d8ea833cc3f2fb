import type { TreeSpec } from '@deltawire/testkit';
import type { DifferentialCase } from '../harness.ts';
import { OWNED, SOURCE, STALE } from '../trees.ts';

const update = (options: string): DifferentialCase => ({
  name: `attributes ${options}`,
  options: options.split(' '),
  files: { src: SOURCE, dst: STALE },
});
const owned = (options: string): DifferentialCase => ({
  name: `owned ${options}`,
  options: options.split(' '),
  files: { src: OWNED },
});

const DEVICE: TreeSpec = {
  null: { device: 'char', major: 1, minor: 3, mode: 0o640, mtime: 1_500_000_001 },
  file: 'f\n',
};
const devices = (options: string): DifferentialCase => ({
  name: `devices ${options}`,
  options: options.split(' '),
  files: { src: { null: 'content\n', file: 'f\n' }, dst: DEVICE },
});

const OWNED_STALE = {
  'by1000.txt': 'x\n',
  'daemon.txt': 'y\n',
  setuid: { content: 'Z\n', mode: 0o600, mtime: 1_400_000_000 },
  'sticky/': { directory: true, mode: 0o700 },
  'setgid/in': 'in\n',
  fifo: { fifo: true, mode: 0o600 },
  null: { device: 'char', major: 1, minor: 5, mode: 0o666 },
} as const;

/** Modes, times, owners, and what happens without them. */
export const ATTRIBUTES: readonly DifferentialCase[] = [
  update('-ri'),
  update('-rii'),
  update('-rlti'),
  update('-rlpi'),
  update('-rlptgoi'),
  update('-rlEi'),
  update('-aOi'),
  update('-aJi'),
  update('-aOJvv'),
  update('-a --no-p -i'),
  update('-a --no-t -i'),
  update('-a --no-o --no-g -i'),
  update('-aci'),
  update('-rci'),
  update('-aIi'),
  update('-a --size-only -i'),
  update('-ui -a'),
  update('-auvv'),
  update('-a --modify-window=100000001 -i'),
  update('-a -@-1 -i'),
  update('-a --chmod=D2755,F644 -i'),
  update('-a --chmod=go-rwx,u+x -i'),
  update('-r --chmod=ugo=rwX -i'),
  update('-rt --chmod=F600 -ii'),
  update('-aHi'),
  update('-aHvv'),
  update('-aHii --no-i-r'),
  owned('-ai'),
  owned('-rlpti'),
  owned('-rlptDi'),
  owned('-a --no-D -i'),
  owned('-a --no-D -v'),
  owned('-a --no-devices -i'),
  owned('-a --no-specials -i'),
  owned('-r -v'),
  owned('-a --numeric-ids -i'),
  owned('-a --usermap=1000:1 --groupmap=*:2 -i'),
  owned('-a --chown=1:2 -i'),
  owned('-rt --chown=daemon -ii'),
  owned('-a --usermap=daemon:nobody,1000-2000:3 -i'),
  owned('-a --usermap=nosuchuser:root -i'),
  { name: 'owned update -ai', options: ['-ai'], files: { src: OWNED, dst: OWNED_STALE } },
  { name: 'owned update -rlti', options: ['-rlti'], files: { src: OWNED, dst: OWNED_STALE } },
  { name: 'owned update -aci', options: ['-aci'], files: { src: OWNED, dst: OWNED_STALE } },
  {
    name: 'as user -ai',
    options: ['-ai'],
    files: { src: SOURCE, dst: STALE },
    asUser: true,
  },
  {
    name: 'as user -rv',
    options: ['-rv'],
    files: { src: SOURCE },
    asUser: true,
  },
  {
    name: 'as user, devices',
    options: ['-avv'],
    files: { src: OWNED },
    asUser: true,
  },
  {
    name: 'as user, --super',
    options: ['-a', '--super', '-i', '--no-devices'],
    files: { src: OWNED },
    asUser: true,
  },
  {
    name: 'as user, read-only directory',
    options: ['-ai'],
    files: {
      src: {
        'ro/f': 'f\n',
        'ro/': { directory: true, mode: 0o555 },
        'wo/': { directory: true, mode: 0o200 },
      },
    },
    asUser: true,
  },
  {
    name: 'atimes -aUi',
    options: ['-aUi'],
    files: { src: SOURCE, dst: STALE },
    freshTimes: true,
  },
  {
    name: 'root keeps its modes',
    options: ['-ai'],
    files: { src: { x: 'x\n', './': { directory: true, mode: 0o711 } } },
  },
  owned('-ai --drop-D'),
  owned('-ai -M--drop-D'),
  {
    name: 'update -avv --drop-D',
    options: ['-avv', '--drop-D'],
    files: { src: OWNED, dst: OWNED_STALE },
  },
  update('-ai --preallocate'),
  update('-aSi --preallocate'),
  update('-ai --inplace --preallocate'),
  update('-aci --open-noatime'),
  {
    name: "as user, --open-noatime on another's file",
    options: ['-ai', '--open-noatime'],
    files: { src: { mine: 'm\n', theirs: 't\n' } },
    asUser: true,
    rootOwns: ['src/theirs'],
  },
  { ...devices('-ai --copy-devices'), files: { src: DEVICE } },
  { ...devices('-aci --copy-devices'), files: { src: DEVICE, dst: { null: 'full\n' } } },
  devices('-ai --write-devices'),
  devices('-aii --write-devices --existing'),
  devices('-ai --inplace'),
];
