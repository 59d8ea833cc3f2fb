/** The trees that the interop tests send around. */
import { rmSync } from 'node:fs';
import { makeTree, randomBytes, type TreeEntry, type TreeSpec } from '@deltawire/testkit';
import { isRoot } from './peers.ts';

/** Sizes around the limits of blocks, frames and buffers. */
const SIZES = [0, 1, 100, 700, 701, 5000, 32_768, 70_001, 200_000];

const mtimeOf = (n: number, nanoseconds: boolean): string =>
  `${1_500_000_000 + n * 1001}${nanoseconds ? `.${String(1 + n * 7_654_321).padStart(9, '0')}` : ''}`;

/** Bytes of a UTF-8 text as a byte string. */
const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

/**
 * Some 60 entries of every kind this user may make, with odd names. Names are byte strings.
 *
 * @param protocol Leaves out what it cannot carry: nanoseconds below 31, times before 1970 below 30,
 *   hard links of other things than files below 28.
 */
export function everyKind(protocol: number): TreeSpec {
  const nanoseconds = protocol >= 31;
  let count = 0;
  const next = () => ({ mtime: mtimeOf(count++, nanoseconds) });
  const file = (size = SIZES[count % SIZES.length]!, more: object = {}): TreeEntry => ({
    content: randomBytes(size, count),
    ...next(),
    ...more,
  });
  const tree: Record<string, TreeEntry> = {};
  for (const directory of ['', 'a/', 'a/b/', 'a/b/c/', 'a-/', 'ab/', 'z/', 'sp ace/']) {
    if (directory !== '') tree[directory] = { directory: true, ...next() };
    for (let i = 0; i < 4; i++) tree[`${directory}f${i}`] = file();
  }
  for (const name of ['new\nline', '-dash', '--delete', 'back\\slash', ' ', '*?[x]', '#hash#']) {
    tree[name] = file(20);
  }
  tree['bytes\xff\xfe\x80'] = file(20);
  tree[utf8('größe-日本')] = file(20);
  tree['q".\'$(x)`y`;&|<>'] = file(20);
  tree['~tilde'] = file(20);
  tree['a:colon'] = file(20);
  tree.big = file(800_000);
  tree['empty/'] = { directory: true, ...next() };
  tree['locked/'] = { directory: true, mode: 0o500, ...next() };
  tree['a/link'] = { link: 'f1', ...next() };
  tree.dangling = { link: 'nowhere/at all', ...next() };
  tree['to-dir'] = { link: 'a/b/', ...next() };
  tree['bytes-link'] = { link: 'bytes\xff\xfe\x80', ...next() };
  tree['a/b/hard'] = { hardLink: 'a/f3' };
  tree['zz-hard'] = { hardLink: 'a/f3' };
  tree['a-/hard2'] = { hardLink: 'f3' };
  tree.fifo = { fifo: true, ...next() };
  tree['read-only'] = file(300, { mode: 0o444 });
  tree.run = file(300, { mode: 0o755 });
  if (protocol >= 30) tree['before 1970'] = { content: 'old', mtime: -86_400 * 365 };
  if (isRoot) {
    tree['set-ids'] = file(300, { mode: 0o6755 });
    tree['sticky/'] = { directory: true, mode: 0o1777, ...next() };
    tree.someone = file(300, { uid: 1000, gid: 1001 });
    tree.nameless = file(300, { uid: 54_321, gid: 54_322 });
    tree.char = { device: 'char', major: 1, minor: 3, ...next() };
    if (protocol >= 28) tree['hard-fifo'] = { hardLink: 'fifo' };
  }
  return tree;
}

/** Make {@link everyKind} in an empty place. */
export function makeEveryKind(root: string, protocol: number): void {
  rmSync(root, { recursive: true, force: true });
  makeTree(root, everyKind(protocol), {
    bytes: true,
    mtime: mtimeOf(500, protocol >= 31),
  });
}

/**
 * Edit the tree in place: bytes changed, added and taken away, other permissions, other targets, other
 * kinds, things gone, things new.
 */
export function editEveryKind(root: string, protocol: number): void {
  const nanoseconds = protocol >= 31;
  const tree = { ...everyKind(protocol) } as Record<string, TreeEntry>;
  let count = 600;
  const changed = (
    name: string,
    edit: (content: Buffer) => Uint8Array,
    more: object = {},
  ): void => {
    const entry = tree[name] as { content: Uint8Array };
    tree[name] = {
      ...entry,
      content: edit(Buffer.from(entry.content)),
      mtime: mtimeOf(count++, nanoseconds),
      ...more,
    };
  };
  const gone = (prefix: string): void => {
    for (const name of Object.keys(tree)) if (name.startsWith(prefix)) delete tree[name];
  };
  changed('big', (c) =>
    Buffer.concat([c.subarray(0, 300_000), Buffer.from('inserted'), c.subarray(300_000)]),
  );
  changed('f3', (c) => Buffer.concat([Buffer.from('front'), c]));
  changed('a/f3', (c) => c.fill(7, 100, 120));
  changed('a/b/f3', (c) => c.subarray(0, -1));
  changed('z/f1', () => Buffer.alloc(0));
  changed('ab/f0', (c) => Buffer.concat([c, c, c]));
  changed('bytes\xff\xfe\x80', () => randomBytes(40, 99));
  changed('run', (c) => c, { mode: 0o600 });
  gone('sp ace/');
  gone('z/f0');
  gone('zz-hard');
  gone('new\nline');
  gone('dangling');
  gone('locked/');
  tree['a/link'] = { link: 'f2', mtime: mtimeOf(count++, nanoseconds) };
  tree['z/more/deep/new'] = { content: 'new', mtime: mtimeOf(count++, nanoseconds) };
  tree['a-/hard3'] = { hardLink: 'f3' };
  // Kinds change places.
  gone('~tilde');
  tree['~tilde/in'] = { content: 'now in a directory', mtime: mtimeOf(count++, nanoseconds) };
  gone('ab/f1');
  tree['ab/f1'] = { link: 'f0', mtime: mtimeOf(count++, nanoseconds) };
  gone('a/b/c/');
  tree['a/b/c'] = { content: 'was a directory', mtime: mtimeOf(count++, nanoseconds) };
  rmSync(root, { recursive: true, force: true });
  makeTree(root, tree, { bytes: true, mtime: mtimeOf(700, nanoseconds) });
}
