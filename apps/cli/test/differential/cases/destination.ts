import type { DifferentialCase } from '../harness.ts';
import { SOURCE, STALE } from '../trees.ts';

const FILES = {
  src: SOURCE,
  dst: STALE,
  other: { 'a.txt': { content: 'old alpha\n', mtime: 1_400_000_000 } },
};

interface Place {
  readonly options?: string;
  readonly sources?: readonly string[];
  readonly to?: string;
}
const place = (
  name: string,
  { options = '-ai', sources = ['src/'], to = 'new' }: Place,
): DifferentialCase => ({
  name: `destination: ${name}`,
  options: options.split(' '),
  files: FILES,
  sources,
  destination: to,
});

/** Where things go. */
export const DESTINATIONS: readonly DifferentialCase[] = [
  place('missing', {}),
  place('missing, slash', { to: 'new/' }),
  place('missing -v', { options: '-av' }),
  place('missing -q', { options: '-aq' }),
  place('missing --info=name', { options: '-a --info=name' }),
  place('missing --info=misc', { options: '-a --info=misc' }),
  place('missing --info=name0 -v', { options: '-av --info=name0' }),
  place('missing, dry run', { options: '-anv' }),
  place('missing, dry run -i', { options: '-ani' }),
  place('nothing to send, missing', { options: '-v', to: 'new' }),
  place('nothing to send, missing, slash', { options: '-v', to: 'new/' }),
  place('nothing to send, missing parent', { options: '-v', to: 'no/new' }),
  place('nothing to send, missing parent, slash', { options: '-v', to: 'no/new/' }),
  place('nothing to send, missing parents, --mkpath', {
    options: '-v --mkpath',
    to: 'no/such/new/',
  }),
  place('nothing there, missing parent', { options: '-v', sources: ['none'], to: 'no/new' }),
  place('nothing to send, a file', { options: '-v', to: 'src/a.txt' }),
  place('missing parent', { to: 'no/new' }),
  place('missing parent, dry run', { to: 'no/new', options: '-ain' }),
  place('missing parents, --mkpath', { to: 'no/such/new', options: '-ai --mkpath' }),
  place('missing parents, --mkpath -v', { to: 'no/such/new', options: '-av --mkpath' }),
  place('missing parents, --mkpath -n', { to: 'no/such/new', options: '-avn --mkpath' }),
  place('missing parents, --mkpath -q', { to: 'no/such/new', options: '-aq --mkpath' }),
  place('one file', { sources: ['src/a.txt'] }),
  place('one file -v', { sources: ['src/a.txt'], options: '-av' }),
  place('one file -vv', { sources: ['src/a.txt'], options: '-avv' }),
  place('one file, slash', { sources: ['src/a.txt'], to: 'new/' }),
  place('one file, slash -v', { sources: ['src/a.txt'], to: 'new/', options: '-v' }),
  place('one file into a directory', { sources: ['src/a.txt'], to: 'other' }),
  place('one file over a file', { sources: ['src/a.txt'], to: 'other/a.txt' }),
  place('one file over a file, slash', { sources: ['src/a.txt'], to: 'other/a.txt/' }),
  place('one file, delta', { sources: ['src/big.bin'], to: 'dst/big.bin', options: '-ai --no-W' }),
  place('one file, renamed in place', {
    sources: ['src/big.bin'],
    to: 'dst/b.dat',
    options: '-ai --inplace',
  }),
  place('one file, missing parent', { sources: ['src/a.txt'], to: 'no/new' }),
  place('one file, missing parent -n', { sources: ['src/a.txt'], to: 'no/new', options: '-ain' }),
  place('one file, --mkpath', { sources: ['src/a.txt'], to: 'no/new', options: '-ai --mkpath' }),
  place('one file, --mkpath, slash', {
    sources: ['src/a.txt'],
    to: 'no/such/new/',
    options: '-av --mkpath',
  }),
  place('one file, --mkpath --dry-run', {
    sources: ['src/a.txt'],
    to: 'no/such/new/',
    options: '-avn --mkpath',
  }),
  place('one file, dry run, slash', { sources: ['src/a.txt'], to: 'new/', options: '-avn' }),
  place('two files', { sources: ['src/a.txt', 'src/b.dat'] }),
  place('two files -v', { sources: ['src/a.txt', 'src/b.dat'], options: '-av' }),
  place('two files over a file', { sources: ['src/a.txt', 'src/b.dat'], to: 'other/a.txt' }),
  place('directory over a file', { sources: ['src/sub'], to: 'other/a.txt' }),
  place('contents over a file', { sources: ['src/sub/'], to: 'other/a.txt' }),
  place('directory, no slash', { sources: ['src'] }),
  place('directory, no slash, missing', { sources: ['src'], to: 'no' }),
  place('one empty directory', { sources: ['src/emptydir'] }),
  place('one empty directory, contents', { sources: ['src/emptydir/'] }),
  place('one link', { sources: ['src/link'] }),
  place('dot', { sources: ['src/sub/.'] }),
  place('current directory', { sources: ['src/sub'], to: '.' }),
  place('temp-dir', { options: '-ai -T other' }),
  place('temp-dir missing', { options: '-ai -T nosuch' }),
  place('partial', { options: '-ai --partial --no-W', to: 'dst' }),
  place('inplace', { options: '-ai --inplace', to: 'dst' }),
  place('inplace, delta', { options: '-ai --inplace --no-W --stats', to: 'dst' }),
  place('block size', { options: '-ai --no-W -B700 --stats', to: 'dst' }),
  place('block size too large', { options: '-ai -B200000', to: 'dst' }),
  place('whole file', { options: '-ai -W --stats', to: 'dst' }),
];
