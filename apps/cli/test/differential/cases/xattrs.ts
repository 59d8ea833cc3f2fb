import type { TreeSpec } from '@deltawire/testkit';
import type { DifferentialCase } from '../harness.ts';

const LONG = 'long '.repeat(20);
const OTHER = 'other '.repeat(20);

const SOURCE: TreeSpec = {
  a: 'alpha\n',
  b: 'beta\n',
  b2: { hardLink: 'b' },
  changed: { content: 'changed\n', mtime: 1_500_000_001 },
  plain: 'plain\n',
  readonly: { content: 'r\n', mode: 0o444 },
  link: { link: 'a', mtime: 1_500_000_002 },
  'd/e/f/g': 'g\n',
  'd/e/f/': { directory: true, mtime: 1_500_000_003 },
  'd/e/': { directory: true, mtime: 1_500_000_003 },
  'd/': { directory: true, mtime: 1_500_000_003 },
  'none/': { directory: true, mtime: 1_500_000_003 },
};
const STALE: TreeSpec = { ...SOURCE, changed: { content: 'old\n', mtime: 1_400_000_000 } };

const XATTRS = {
  src: { 'user.top': LONG },
  'src/a': { 'user.empty': '', 'user.short': 'abc', 'user.long': LONG },
  'src/b': { 'user.long': LONG, 'user.longer': OTHER },
  'src/changed': { 'user.kept': LONG, 'user.new': OTHER },
  'src/readonly': { 'user.short': 'abc' },
  'src/d': { 'user.short': 'abc' },
  'src/d/e': { 'user.long': LONG },
  'src/d/e/f': { 'user.long': OTHER },
  'src/d/e/f/g': { 'user.long': OTHER },
};
const OLD_XATTRS = {
  ...XATTRS,
  'dst/a': { 'user.empty': 'full', 'user.long': LONG, 'user.gone': OTHER },
  'dst/b': { 'user.long': OTHER, 'user.longer': OTHER },
  'dst/changed': { 'user.kept': LONG },
  'dst/plain': { 'user.gone': 'gone' },
  'dst/d': { 'user.gone': 'gone' },
  'dst/d/e': { 'user.long': OTHER },
  'dst/d/e/f': { 'user.long': OTHER },
  'dst/d/e/f/g': { 'user.long': OTHER },
};
const TRUSTED = {
  ...OLD_XATTRS,
  'src/link': { 'trusted.link': 'l' },
  'src/plain': { 'trusted.t': LONG, 'user.rsync.%stat': '100644 0,0 5:6', 'user.rsync.x': 'x' },
  'dst/b': { 'trusted.gone': 'gone' },
  'dst/link': { 'trusted.gone': 'gone' },
};

const fresh = (options: string): DifferentialCase => ({
  name: `xattrs ${options}`,
  options: options.split(' '),
  files: { src: SOURCE },
  xattrs: XATTRS,
});
const update = (options: string, more: Partial<DifferentialCase> = {}): DifferentialCase => ({
  name: `xattrs update ${options}`,
  options: options.split(' '),
  files: { src: SOURCE, dst: STALE },
  xattrs: OLD_XATTRS,
  ...more,
});
const trusted = (options: string, filter?: string): DifferentialCase => ({
  name: `xattrs trusted ${[options, filter].join(' ').trim()}`,
  options: [...options.split(' '), ...(filter === undefined ? [] : [`--filter=${filter}`])],
  files: { src: SOURCE, dst: STALE },
  xattrs: TRUSTED,
});
const alternate = (options: string): DifferentialCase => ({
  name: `xattrs alternate ${options}`,
  options: options.split(' '),
  files: { src: SOURCE, base: STALE },
  xattrs: {
    ...XATTRS,
    'base/a': { 'user.empty': '', 'user.short': 'other', 'user.long': LONG },
    'base/b': { 'user.long': LONG, 'user.longer': OTHER },
    'base/changed': { 'user.kept': LONG },
    'base/d/e': { 'user.long': LONG },
  },
});

/** Extended attributes: values that travel late, names that do not, and what is removed. */
export const XATTRS_CASES: readonly DifferentialCase[] = [
  fresh('-aXi'),
  fresh('-aXHi'),
  fresh('-aXi --no-i-r'),
  fresh('-aXHi --protocol=30'),
  { ...fresh('-aXHi --protocol=29'), variants: ['local'] },
  fresh('-aXHi --protocol=31 --no-i-r'),
  fresh('-rXvv'),
  fresh('-rXi --no-l'),
  fresh('-aLXi'),
  fresh('-aXni'),
  fresh('-aXi --partial-dir=.part --delay-updates'),
  fresh('-aX --no-X -i'),
  update('-ai'),
  update('-aXi'),
  update('-aXii'),
  update('-aXHi'),
  update('-aXHii --protocol=30'),
  { ...update('-aXHii --protocol=29'), variants: ['local'] },
  update('-aXni'),
  update('-aXci --no-W'),
  update('-aXIi --no-W'),
  update('-aXi --inplace'),
  update('-aXib --inplace'),
  update('-aXib'),
  update('-aXi --backup --backup-dir=../old'),
  update('-aXi --delete'),
  update('-rXi --size-only'),
  update('-aXi --existing'),
  update('-aXi', { name: 'xattrs as user -aXi', asUser: true }),
  update('-aXi --inplace', { name: 'xattrs as user -aXi --inplace', asUser: true }),
  trusted('-aXi'),
  trusted('-aXXi'),
  trusted('-aXi', '-x user.s*'),
  trusted('-aXi', '-x! user.*'),
  trusted('-aXi', '+x user.short'),
  trusted('-aXi', '-xr *'),
  trusted('-aXi', '-xs user.l*'),
  alternate('-aXi --link-dest=../base'),
  alternate('-aXHii --link-dest=../base'),
  alternate('-aXi --copy-dest=../base'),
  alternate('-aXii --compare-dest=../base'),
];
