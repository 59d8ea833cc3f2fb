import type { DifferentialCase } from '../harness.ts';

/** A link that another user planted where the command line leads through. */
const PLANTED = { link: '../else', uid: 65_534 } as const;
const FILES = {
  base: { planted: PLANTED, own: { link: '../else' } },
  else: { list: 'a\n', 'old/a': 'one\n', 'sub/': null },
  src: { a: 'one\n', 'd/b': 'two\n' },
  dst: { a: 'old one\n' },
} as const;

const to = (name: string, destination: string, ...options: string[]): DifferentialCase => ({
  name: `planted link: ${name}`,
  options: ['-a', ...options],
  files: FILES,
  destination,
});
const option = (name: string, ...options: string[]): DifferentialCase => ({
  name: `planted link: ${name}`,
  options: ['-a', ...options],
  files: FILES,
});
/** Of one file, and nothing else that would be looked for. */
const one = (name: string, ...options: string[]): DifferentialCase => ({
  ...option(name, ...options),
  sources: ['src/a'],
});

/** Paths that the command line names, and who owns the links in them. */
export const OPERATOR_PATHS: readonly DifferentialCase[] = [
  to('destination', 'base/planted'),
  to('destination with a slash', 'base/planted/'),
  to('below it', 'base/planted/sub/'),
  to('a new directory below it', 'base/planted/new'),
  to('an own one', 'base/own/sub/'),
  to('a destination, and --insecure-links', 'base/planted/', '--insecure-links'),
  { ...to('a new name for a file', 'base/planted/new'), sources: ['src/a'] },
  { ...option('a source is what it is'), sources: ['base/planted/'] },
  option('--exclude-from', '--exclude-from=base/planted/list'),
  option('--include-from', '--include-from=base/planted/list'),
  option('a merged file', '--filter=. base/planted/list'),
  option('--files-from', '--files-from=base/planted/list'),
  option('--files-from, --insecure-links', '--insecure-links', '--files-from=base/planted/list'),
  option('--read-batch', '--read-batch=base/planted/list'),
  one('--link-dest', '--link-dest=../base/planted/old'),
  {
    ...option(
      '--link-dest, --insecure-links',
      '--link-dest=../base/planted/old',
      '--insecure-links',
    ),
    variants: ['local', 'pull'], // nobody sends it
  },
  option('a bound that is relative', '--confine-root=base'),
  option('a bound for nothing', '--insecure-links', '--confine-root=/base'),
  option('no bound', '--confine-root=/', '--link-dest=../base/own/old'),
  option('--exclude-from missing below a file', '--exclude-from=src/a/none'),
];
