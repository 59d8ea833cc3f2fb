import { type BigIntStats, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What a comparison may leave out. */
export type TreeAspect =
  | 'mode'
  | 'owner'
  | 'mtime'
  /** Compare times to the second. */
  | 'nanoseconds'
  | 'directory-times'
  | 'link-times'
  | 'content'
  | 'hard-links';

export interface CompareTreesOptions {
  readonly ignore?: readonly TreeAspect[];
  /** Names (byte strings) to leave out, with everything below. */
  readonly exclude?: (path: string) => boolean;
}

interface Node {
  readonly stat: BigIntStats;
  readonly type: string;
}

/**
 * Everything that differs between two trees, one sentence each; empty when they are equal. Names are
 * compared and shown as byte strings.
 */
export function compareTrees(a: string, b: string, options: CompareTreesOptions = {}): string[] {
  const ignored = new Set(options.ignore);
  const exclude = options.exclude ?? (() => false);
  const left = readTree(a, exclude);
  const right = readTree(b, exclude);
  const differences: string[] = [];
  for (const [name, node] of left) {
    const other = right.get(name);
    if (other) differences.push(...compareNodes(a, b, name, node, other, ignored));
    else differences.push(`${name}: only in the first (${node.type})`);
  }
  for (const [name, node] of right) {
    if (!left.has(name)) differences.push(`${name}: only in the second (${node.type})`);
  }
  if (!ignored.has('hard-links')) differences.push(...compareHardLinks(left, right));
  return differences;
}

function readTree(root: string, exclude: (path: string) => boolean): Map<string, Node> {
  const found = new Map<string, Node>();
  const pending = [''];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const stat = lstatSync(pathOf(root, name), { bigint: true });
    found.set(name === '' ? '.' : name, { stat, type: typeOf(stat) });
    if (!stat.isDirectory()) continue;
    for (const child of readdirSync(pathOf(root, name), 'buffer')) {
      const path = (name === '' ? '' : `${name}/`) + child.toString('latin1');
      if (!exclude(path)) pending.push(path);
    }
  }
  return found;
}

function compareNodes(
  a: string,
  b: string,
  name: string,
  { stat: x, type }: Node,
  { stat: y, type: otherType }: Node,
  ignored: ReadonlySet<TreeAspect>,
): string[] {
  if (type !== otherType) return [`${name}: ${type} / ${otherType}`];
  const found: string[] = [];
  const check = (what: string, left: unknown, right: unknown): void => {
    if (left !== right) found.push(`${name}: ${what} ${left} / ${right}`);
  };
  if (!ignored.has('mode') && type !== 'symlink') {
    check('mode', (x.mode & 0o7777n).toString(8), (y.mode & 0o7777n).toString(8));
  }
  if (!ignored.has('owner')) {
    check('uid', x.uid, y.uid);
    check('gid', x.gid, y.gid);
  }
  const noTime =
    ignored.has('mtime') ||
    (type === 'directory' && ignored.has('directory-times')) ||
    (type === 'symlink' && ignored.has('link-times'));
  if (!noTime) {
    const unit = ignored.has('nanoseconds') ? 1_000_000_000n : 1n;
    check('mtime', x.mtimeNs / unit, y.mtimeNs / unit);
  }
  if (type === 'char' || type === 'block') check('rdev', x.rdev, y.rdev);
  if (type === 'symlink') {
    const target = (root: string): string =>
      readlinkSync(pathOf(root, name), 'buffer').toString('latin1');
    check('target', target(a), target(b));
  }
  if (type === 'file') {
    check('size', x.size, y.size);
    if (!ignored.has('content') && x.size === y.size) {
      const same = readFileSync(pathOf(a, name)).equals(readFileSync(pathOf(b, name)));
      if (!same) found.push(`${name}: content differs`);
    }
  }
  return found;
}

/** Names that are one file in one tree must be one file in the other. */
function compareHardLinks(left: Map<string, Node>, right: Map<string, Node>): string[] {
  const groups = (tree: Map<string, Node>): Map<string, string> => {
    const byInode = new Map<string, string[]>();
    for (const [name, { stat, type }] of tree) {
      if (type === 'directory' || stat.nlink < 2n) continue;
      const key = `${stat.dev}:${stat.ino}`;
      byInode.set(key, [...(byInode.get(key) ?? []), name]);
    }
    const result = new Map<string, string>();
    for (const names of byInode.values()) {
      const label = names.sort().join(' = ');
      if (names.length > 1) for (const name of names) result.set(name, label);
    }
    return result;
  };
  const a = groups(left);
  const b = groups(right);
  const found: string[] = [];
  for (const name of [...new Set([...a.keys(), ...b.keys()])].sort()) {
    const [x, y] = [a.get(name) ?? 'alone', b.get(name) ?? 'alone'];
    if (x !== y) found.push(`${name}: hard links ${x} / ${y}`);
  }
  return found;
}

function typeOf(stat: BigIntStats): string {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  if (stat.isSymbolicLink()) return 'symlink';
  if (stat.isFIFO()) return 'fifo';
  if (stat.isSocket()) return 'socket';
  return stat.isCharacterDevice() ? 'char' : 'block';
}

function pathOf(root: string, name: string): Buffer {
  if (name === '' || name === '.') return Buffer.from(root);
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, 'latin1')]);
}
