import type { TreeSpec } from './make-tree.ts';

/** A file, a larger one in a directory, and a link: enough to see whether a transfer works at all. */
export const SMALL_TREE: TreeSpec = {
  'a.txt': 'hello world\n',
  'dir/b.bin': 'pattern'.repeat(30_000),
  link: { link: 'a.txt' },
};
