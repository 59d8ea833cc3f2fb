import type { DifferentialCase } from '../harness.ts';

const LATE = '1500000000.75';
const EARLY = '1500000000.25';

/** What random trees and options have found: places where two rules meet. */
export const CORNERS: readonly DifferentialCase[] = [
  {
    name: 'corner: a hard link that looks right waits for its file',
    options: ['-aiH', '--no-i-r'],
    files: {
      src: { a: { content: 'new 1\n', mtime: LATE }, 'd/b': { hardLink: 'a' } },
      dst: { a: { content: 'other\n', mtime: 1 }, 'd/b': { content: 'old 1\n', mtime: LATE } },
    },
  },
  {
    name: 'corner: a newer hard link becomes one of the file on its way',
    options: ['-aiHu', '--no-i-r'],
    files: {
      src: { a: 'new 1\n', 'd/b': { hardLink: 'a' } },
      dst: { 'd/b': { content: 'newer\n', mtime: 1_700_000_000 } },
    },
  },
  {
    name: 'corner: --checksum sets times to the nanosecond',
    options: ['-aic'],
    files: {
      src: { f: { content: 'f\n', mtime: EARLY }, l: { link: 'f', mtime: EARLY } },
      dst: { f: { content: 'f\n', mtime: LATE }, l: { link: 'f', mtime: LATE } },
    },
  },
  {
    name: 'corner: a fifo takes over the mode of what it replaces',
    options: ['-rlDi'],
    files: {
      src: { file: { fifo: true, mode: 0o640 }, link: { fifo: true, mode: 0o640 } },
      dst: { file: { content: 'x\n', mode: 0o755 }, link: { link: 'x' } },
    },
  },
  {
    name: 'corner: without --perms the mode is that of the alternate basis',
    options: ['-rli', '--copy-dest=../alt', '--no-W'],
    files: {
      src: { f: { content: 'new\n', mode: 0o600 } },
      alt: { f: { content: 'older\n', mode: 0o444 } },
    },
  },
  {
    name: 'corner: --copy-dirlinks and a link to itself',
    options: ['-aik'],
    files: { src: { self: { link: 'self' }, d: { link: 'e' }, 'e/f': 'f\n' } },
  },
  {
    name: 'corner: pruned directories are deleted',
    options: ['-aim', '--delete'],
    files: { src: { f: 'f\n', 'a/b/': null }, dst: { 'a/x': 'x\n' } },
  },
  {
    name: "corner: --delete-excluded spares what a puller's -C excludes",
    options: ['-ai', '-C', '--delete-excluded'],
    files: { src: { f: 'f\n' }, dst: { core: 'c\n', 'b.o': 'o\n', other: 'x\n' } },
  },
  {
    name: 'corner: a dry run without destination finds what alternates have',
    options: ['-ain', '--compare-dest=../alt'],
    files: { src: { f: 'f\n', g: 'g\n' }, alt: { f: 'f\n' } },
  },
  {
    name: 'corner: sources of links to an alternate are removed, but for nodes',
    options: ['-ai', '--remove-source-files', '--link-dest=../alt'],
    files: {
      src: { f: 'f\n', p: { fifo: true, mode: 0o644 }, l: { link: 'f' } },
      alt: { f: 'f\n', p: { fifo: true, mode: 0o644 }, l: { link: 'f' } },
    },
  },
  {
    name: 'corner: what failed in place has its mode and not its time',
    options: ['-aii', '--append-verify', '--stats'],
    files: {
      src: { f: { content: 'a longer content\n', mode: 0o600 } },
      dst: { f: { content: 'else\n', mode: 0o640 } },
    },
  },
  {
    name: 'corner: --existing makes a directory of a file',
    options: ['-ai', '--existing', '--no-i-r'],
    files: { src: { 'd/f': 'f\n', 'e/g': 'g\n' }, dst: { d: 'd\n' } },
  },
  {
    name: 'corner: what --compare-dest has goes from the source',
    options: ['-ai', '--remove-source-files', '--compare-dest=../alt'],
    files: { src: { f: 'f\n', l: { link: 'f' } }, alt: { f: 'f\n', l: { link: 'f' } } },
  },
];
