import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The source tree of the recorded scans: files, and symlinks as `name -> target`. */
const SCAN_TREE: readonly string[] = [
  'top',
  'a/1',
  'a/x/2',
  'b/1',
  'b/x/3',
  'b/x/y/4',
  'b/z/5',
  'd/g',
  'd/e/f',
  'd/e/k',
  'd/h/i/j',
  'dang -> nowhere',
  'dlink -> d',
  'abs -> /etc/passwd',
  'd/esc -> ../../out',
];

/** Make the tree below a directory. */
export function plantScanTree(root: string): void {
  for (const item of SCAN_TREE) {
    const [name = '', target] = item.split(' -> ');
    mkdirSync(dirname(`${root}/${name}`), { recursive: true });
    if (target === undefined) writeFileSync(`${root}/${name}`, name);
    else symlinkSync(target, `${root}/${name}`);
  }
}

/** One recorded run of the real program. */
export interface RecordedScan {
  /** Options and sources; the working directory is the tree. */
  readonly args: readonly string[];
  /** Lines of the files-from file. */
  readonly filesFrom?: readonly string[];
  /**
   * Per list: index of its first entry, then `root|name|type|how` of each entry,
   * sorted; type is the top octal digits of the mode, how is only said of directories.
   */
  readonly lists: readonly (readonly [number, readonly string[]])[];
  /** Lines about problems, `{cwd}` standing for the tree. */
  readonly messages: readonly string[];
}
