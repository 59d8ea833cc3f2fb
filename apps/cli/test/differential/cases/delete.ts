import type { DifferentialCase } from '../harness.ts';
import { SOURCE, STALE } from '../trees.ts';

const update = (options: string): DifferentialCase => ({
  name: `delete ${options}`,
  options: options.split(' '),
  files: { src: SOURCE, dst: STALE },
});

const MANY = { 'a/1': '', 'a/2': '', 'b/3': '', 'b/c/4': '', d: '', e: '' };

/** What is removed, when, and how it is told. */
export const DELETIONS: readonly DifferentialCase[] = [
  update('-av --delete'),
  update('-avv --delete'),
  update('-ai --del'),
  update('-ai --delete-before'),
  update('-ai --delete-during'),
  update('-ai --delete-delay'),
  update('-ai --delete-after'),
  update('-av --delete-before'),
  update('-av --delete-delay'),
  update('-av --delete-after'),
  update('-ai --delete --no-i-r'),
  update('-ai --delete-excluded --exclude=extra*'),
  update('-a --delete --stats'),
  update('-ani --delete-after'),
  update('-ani --delete-delay'),
  update('-a --delete --max-delete=2 -i'),
  update('-a --delete --max-delete=0 -v'),
  update('-a --delete --max-delete=-1 -v'),
  update('-a --delete-after --max-delete=3 -v'),
  update('-a --delete --max-delete=2 -n -i'),
  { ...update('-a --delete --protocol=28 -v'), unordered: true },
  update('-a --delete --protocol=29 -i'),
  update('-r --delete -i'),
  { name: 'delete without -r', options: ['-v', '--delete'], files: { src: SOURCE, dst: STALE } },
  {
    name: 'delete twice',
    options: ['-av', '--delete-before', '--delete-after'],
    files: { src: SOURCE },
  },
  {
    name: 'delete max of many',
    options: ['-ai', '--delete', '--max-delete=4'],
    files: { src: { f: '' }, dst: MANY },
  },
  { name: 'delete many -v', options: ['-av', '--delete'], files: { src: { f: '' }, dst: MANY } },
  {
    name: 'delete, as user, unwritable',
    options: ['-ai', '--delete'],
    files: {
      src: { f: 'f\n' },
      dst: { 'ro/x': 'x\n', 'ro/': { directory: true, mode: 0o555 }, 'rw/y': 'y\n' },
    },
    asUser: true,
  },
  {
    name: "delete, as user, in another's directory",
    options: ['-ai', '--delete'],
    files: { src: { 'd/f': 'f\n' }, dst: { 'd/f': 'f\n', 'd/x': 'x\n', 'd/y/z': 'z\n' } },
    asUser: true,
    rootOwns: ['dst/d'],
  },
  {
    name: 'delete, io error',
    // With incremental recursion the error may come after the deletion.
    options: ['-av', '--delete', '--no-i-r'],
    files: { src: { 'closed/f': 'f\n', g: 'g\n' }, dst: { old: 'o\n', 'closed/f': 'f\n' } },
    asUser: true,
    modes: { 'src/closed': 0 },
  },
  {
    name: 'delete, io error ignored',
    options: ['-av', '--delete', '--ignore-errors'],
    files: { src: { 'closed/f': 'f\n', g: 'g\n' }, dst: { old: 'o\n', 'closed/f': 'f\n' } },
    asUser: true,
    modes: { 'src/closed': 0 },
  },
  {
    name: 'delete, missing source argument',
    options: ['-av', '--delete'],
    files: { src: SOURCE, dst: STALE },
    sources: ['src/', 'nosuch'],
  },
  {
    name: 'delete, protected deep inside',
    options: ['-ai', '--delete', '--filter=P *.o'],
    files: {
      src: { f: 'f\n' },
      dst: { 'top/x/y/keep.o': '', 'top/x/f': '', 'other/p/keep.o': '', 'other/q': '' },
    },
  },
  {
    name: 'delete, protected deep inside, dry run',
    options: ['-ain', '--delete', '--filter=P *.o'],
    files: { src: { f: 'f\n' }, dst: { 'top/x/y/keep.o': '', 'top/x/f': '' } },
  },
  {
    name: 'delete, protected in the way',
    options: ['-ai', '--delete', '--filter=P *.o'],
    files: { src: { top: 't\n' }, dst: { 'top/x/keep.o': '', 'top/f': '' } },
  },
  {
    name: 'delete, directory becomes empty',
    options: ['-ai', '--delete'],
    files: { src: { 'sub/': null }, dst: { 'sub/x': 'x\n', 'sub/y/z': 'z\n' } },
  },
  {
    name: 'force, no delete',
    options: ['-ai', '--force'],
    files: { src: { a: 'a\n' }, dst: { 'a/b/c': 'c\n', keep: 'k\n' } },
  },
  {
    name: 'no force',
    options: ['-ai'],
    files: { src: { a: 'a\n', b: 'b\n' }, dst: { 'a/b/c': 'c\n', keep: 'k\n' } },
  },
];
