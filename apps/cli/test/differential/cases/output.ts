import type { DifferentialCase } from '../harness.ts';
import { SOURCE, STALE } from '../trees.ts';

const FRESH = { src: SOURCE };
const UPDATE = { src: SOURCE, dst: STALE };

const ESCAPES =
  "%i n=%n%L f=%f l=%l ll=%'l sent=%b got=%c C=%C B=%B M=%M U=%U G=%G o=%o pid=%p m=%m now=%t a=%a h=%h P=%P u=%u %% %q";

const fresh = (options: string): DifferentialCase => ({
  name: `fresh ${options}`,
  options: options.split(' '),
  files: FRESH,
});
const update = (options: string): DifferentialCase => ({
  name: `update ${options}`,
  options: options.split(' '),
  files: UPDATE,
});

/** What is printed, and how much of it. */
export const OUTPUT: readonly DifferentialCase[] = [
  fresh('-a'),
  fresh('-av'),
  fresh('-avv'),
  fresh('-ai'),
  fresh('-aii'),
  fresh('-avvi'),
  fresh('-aq'),
  fresh('-avq'),
  fresh('-an'),
  fresh('-anv'),
  fresh('-anvi'),
  fresh('-aHv --no-i-r --stats'),
  fresh('-a --stats -h'),
  fresh('-a --stats -hh'),
  fresh('-a --stats --no-h'),
  fresh('-av --no-inc-recursive'),
  fresh('-avv --no-inc-recursive'),
  fresh('-a --info=name'),
  fresh('-a --info=name2'),
  fresh('-a --info=flist2,stats'),
  fresh('-a --info=flist2,stats --no-i-r'),
  fresh('-av --info=name0'),
  fresh('-av --info=stats0,flist0'),
  fresh('-a --info=all0'),
  fresh('-a --info=stats3'),
  fresh('-a --info=misc2,skip2,nonreg2'),
  fresh('-v'),
  fresh('-rv'),
  fresh('-dv'),
  fresh('-rlv'),
  update('-av'),
  update('-avv'),
  update('-ai'),
  update('-aii'),
  update('-aiv --delete'),
  update('-aivv --delete --stats'),
  update('-an --delete -i'),
  update('-anvv --delete'),
  update('-a --delete -q'),
  update('-a --info=del,name'),
  update('-a --delete --info=del'),
  update('-a --delete --info=del0 -v'),
  update('-avv --no-W'),
  update('-aivv -W'),
  update('-ai --no-W --stats'),
  { name: 'out-format: all escapes', options: ['-aH', `--out-format=${ESCAPES}`], files: UPDATE },
  {
    name: 'out-format: all escapes, dry run',
    options: ['-aHn', `--out-format=${ESCAPES}`],
    files: UPDATE,
  },
  {
    name: 'out-format: with --delete and -c',
    options: ['-ac', '--delete', '--out-format=%o %i %n %C'],
    files: UPDATE,
  },
  {
    name: 'out-format: padding',
    options: [
      '-a',
      "--out-format=[%20n] [%-20n] [%8l] [%-8l] [%''l] [%'''l] [%10'b]".replace("%10'b", "%10'l"),
    ],
    files: FRESH,
  },
  { name: 'out-format: without -i words', options: ['-av', '--out-format=%n'], files: UPDATE },
  {
    name: 'out-format: itemized, new destination',
    options: ['-a', '--out-format=%i|%n'],
    files: FRESH,
  },
  {
    name: 'out-format: itemized, name2',
    options: ['-a', '--out-format=%i|%n', '--info=name2'],
    files: UPDATE,
    unordered: true,
  },
  { name: 'out-format: not itemized, -i', options: ['-ai', '--out-format=%n'], files: UPDATE },
  { name: 'out-format: empty', options: ['-av', '--out-format='], files: UPDATE },
  { name: 'list-only -r', options: ['-r', '--list-only'], files: FRESH, destination: null },
  { name: 'list-only -a', options: ['-a'], files: FRESH, destination: null },
  { name: 'list-only, with destination', options: ['-a', '--list-only'], files: UPDATE },
  { name: 'list-only, not recursive', options: [], files: FRESH, destination: null },
  {
    name: 'list-only, no slash',
    options: ['-v'],
    files: FRESH,
    sources: ['src'],
    destination: null,
  },
  { name: 'list-only -av', options: ['-av'], files: FRESH, destination: null },
  { name: 'list-only -a --no-h', options: ['-a', '--no-h'], files: FRESH, destination: null },
  { name: 'list-only -ah', options: ['-ah'], files: FRESH, destination: null },
  { name: 'list-only -ahh', options: ['-ahh'], files: FRESH, destination: null },
  {
    name: 'progress',
    options: ['-a', '--progress'],
    files: FRESH,
  },
  { name: 'progress, not incremental', options: ['-a', '--progress', '--no-i-r'], files: FRESH },
  { name: 'progress -v', options: ['-av', '--progress'], files: UPDATE },
  { name: 'progress -P', options: ['-aP'], files: UPDATE },
  { name: 'progress2', options: ['-a', '--info=progress2'], files: FRESH },
  {
    name: 'progress2, not incremental',
    options: ['-a', '--info=progress2', '--no-i-r'],
    files: UPDATE,
  },
  { name: 'progress with out-format', options: ['-ai', '--progress'], files: UPDATE },
];
