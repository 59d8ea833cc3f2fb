import type { DifferentialCase } from '../harness.ts';
import { LINKS, TYPES, TYPES_STALE } from '../trees.ts';

const links = (options: string): DifferentialCase => ({
  name: `links ${options}`,
  options: options.split(' '),
  files: { src: LINKS, outside: 'outside\n' },
});
const types = (options: string): DifferentialCase => ({
  name: `types ${options}`,
  options: options.split(' '),
  files: { src: TYPES, dst: TYPES_STALE },
});

const DIRLINK_SOURCE = { 'd/f': 'new\n', 'd/g/h': 'h\n', e: 'e\n' };
const DIRLINK_STALE = {
  d: { link: 'real' },
  'real/f': { content: 'old file\n', mtime: 1_400_000_000 },
  'real/x': 'x\n',
};

/** Symbolic links, and items that change their type. */
export const LINK_CASES: readonly DifferentialCase[] = [
  links('-rv'),
  links('-rlv'),
  links('-rltii'),
  links('-aLi'),
  links('-rLv'),
  links('-aki'),
  links('-rk -v'),
  links('-a --copy-unsafe-links -i'),
  links('-a --copy-unsafe-links -vv'),
  links('-a --safe-links -i'),
  links('-a --safe-links -vv'),
  links('-a --munge-links -i'),
  links('-r --safe-links -i'),
  links('-a --safe-links --munge-links -i'),
  {
    name: 'links, munge again',
    options: ['-a', '--munge-links', '-i'],
    files: {
      src: LINKS,
      dst: { 'to-file': { link: '/rsyncd-munged/dir/file' }, 'to-dir': { link: 'dir' } },
    },
  },
  types('-ai'),
  types('-av'),
  types('-ai --force'),
  types('-ai --delete'),
  types('-rv'),
  types('-ain --delete'),
  types('-aKi'),
  types('-ai --existing'),
  types('-ai --ignore-existing'),
  types('-ai --inplace'),
  types('-aui'),
  { name: 'keep-dirlinks', options: ['-aKi'], files: { src: DIRLINK_SOURCE, dst: DIRLINK_STALE } },
  {
    name: 'keep-dirlinks --delete',
    options: ['-aKi', '--delete'],
    files: { src: DIRLINK_SOURCE, dst: DIRLINK_STALE },
  },
  {
    name: 'keep-dirlinks off',
    options: ['-ai'],
    files: { src: DIRLINK_SOURCE, dst: DIRLINK_STALE },
  },
  {
    name: 'keep-dirlinks off, not incremental',
    options: ['-ai', '--no-i-r'],
    files: { src: DIRLINK_SOURCE, dst: DIRLINK_STALE },
  },
  {
    name: 'keep-dirlinks, out of the tree',
    options: ['-aKi'],
    files: { src: DIRLINK_SOURCE, other: { f: 'other\n' }, dst: { d: { link: '../other' } } },
  },
  {
    name: 'destination is a link to a directory',
    options: ['-ai'],
    files: { src: DIRLINK_SOURCE, real: { x: 'x\n' }, places: { to: { link: '../real' } } },
    destination: 'places/to',
  },
  {
    name: 'source is a link to a directory',
    options: ['-ai'],
    files: { src: LINKS },
    sources: ['src/to-dir'],
  },
  {
    name: 'source is a link to a directory, slash',
    options: ['-ai'],
    files: { src: LINKS },
    sources: ['src/to-dir/'],
  },
  {
    name: 'hard links to links and specials',
    options: ['-aHi'],
    files: {
      src: {
        f: { fifo: true },
        g: { hardLink: 'f' },
        l: { link: 'x' },
        m: { hardLink: 'l' },
        r: 'r\n',
        's/t': { hardLink: 'r' },
      },
    },
  },
  {
    name: 'hard links, partly there',
    options: ['-aHii'],
    files: {
      src: { a: 'one\n', b: { hardLink: 'a' }, c: { hardLink: 'a' }, 'd/e': { hardLink: 'a' } },
      dst: { b: 'one\n', c: 'one\n', 'd/e': { content: 'other\n', mtime: 1_400_000_000 } },
    },
  },
  {
    name: 'hard links, linked already',
    options: ['-aHvv'],
    files: {
      src: { a: 'one\n', b: { hardLink: 'a' }, 'c/d': { hardLink: 'a' } },
      dst: { a: 'one\n', b: { hardLink: 'a' }, 'c/d': { hardLink: 'a' } },
    },
  },
  {
    name: 'hard links, dry run',
    options: ['-aHni'],
    files: { src: { a: 'one\n', b: { hardLink: 'a' }, 'c/d': { hardLink: 'a' } } },
  },
  {
    name: 'hard links, joined in the destination only',
    options: ['-aHi'],
    files: {
      src: { a: 'one\n', b: 'two\n' },
      dst: { a: 'old\n', b: { hardLink: 'a' } },
    },
  },
];
