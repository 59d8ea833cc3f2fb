import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** The outcome of a comparison of two trees. */
export interface Comparison {
  /** Entries looked at, the roots included. */
  readonly entries: number;
  /** One sentence for each difference. */
  readonly differences: readonly string[];
}

/** Compare two trees: names, types, modes, times (nanoseconds), sizes, contents, link targets. */
export function compareTrees(left: string, right: string): Comparison {
  const differences: string[] = [];
  let entries = 0;
  const visit = (name: string): void => {
    entries++;
    const a = lstatSync(join(left, name), { bigint: true });
    const b = lstatSync(join(right, name), { bigint: true, throwIfNoEntry: false });
    const differ = (what: string): unknown => differences.push(`${what} of ${name || '.'}`);
    if (!b) {
      differ('existence');
      return;
    }
    // The type bits are part of the mode.
    if (a.mode !== b.mode) differ('mode');
    if (a.mtimeNs !== b.mtimeNs) differ('mtime');
    if (a.isDirectory() && b.isDirectory()) {
      const inside = readdirSync(join(left, name));
      const there = new Set(readdirSync(join(right, name)));
      for (const child of inside) {
        there.delete(child);
        visit(join(name, child));
      }
      for (const child of there) differences.push(`existence of ${join(name, child)}`);
    } else if (a.isSymbolicLink() && b.isSymbolicLink()) {
      if (readlinkSync(join(left, name)) !== readlinkSync(join(right, name))) differ('link target');
    } else if (a.isFile() && b.isFile()) {
      if (!readFileSync(join(left, name)).equals(readFileSync(join(right, name))))
        differ('content');
    }
  };
  visit('');
  return { entries, differences };
}
