import type { TreeSpec } from '@deltawire/testkit';

/** Bytes that look alike nowhere. */
export function noise(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** The same bytes with some of them replaced, and some more at the end. */
function edited(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length + 5);
  result.set(bytes);
  result.set([1, 2, 3, 4, 5], bytes.length >> 1);
  result.set([6, 7, 8, 9, 10], bytes.length);
  return result;
}

const big = noise(70_000, 1);

/** One of everything an ordinary user can have. */
export const SOURCE: TreeSpec = {
  'a.txt': 'alpha\n',
  'big.bin': { content: big, mtime: '1500000001.5' },
  'b.dat': { content: 'new content\n', mtime: '1500000002.25', mode: 0o640 },
  empty: '',
  'emptydir/': null,
  hard1: { content: 'hard\n', mtime: 1_500_000_003 },
  hard2: { hardLink: 'hard1' },
  link: { link: 'a.txt', mtime: 1_500_000_004 },
  script: { content: '#!/bin/sh\n', mode: 0o755 },
  'sub/c.txt': { content: 'cc\n', mtime: '1500000005.75' },
  'sub/deep/d.txt': 'ddd\n',
  'sub/hard3': { hardLink: 'hard1' },
  'sub/up': { link: '../a.txt' },
  'sub/': { directory: true, mtime: '1500000006.125', mode: 0o750 },
};

/** What an earlier copy of {@link SOURCE} has become since. */
export const STALE: TreeSpec = {
  'a.txt': 'alpha\n',
  'big.bin': { content: edited(big), mtime: 1_400_000_000 },
  'b.dat': { content: 'old content\n', mtime: 1_400_000_001, mode: 0o600 },
  hard1: { content: 'soft\n', mtime: 1_400_000_002 },
  link: { link: 'elsewhere', mtime: 1_400_000_003 },
  script: { content: '#!/bin/sh\n', mode: 0o644 },
  'extra.txt': 'extra\n',
  'gone/x': 'x\n',
  'gone/y/z': 'z\n',
  'sub/c.txt': { content: 'CC\n', mtime: '1500000005.75' },
  'sub/extra': 'more\n',
  'sub/': { directory: true, mode: 0o700, mtime: 1_400_000_004 },
};

/** Owners, set-id bits, devices: only root can make these. */
export const OWNED: TreeSpec = {
  'by1000.txt': { content: 'x\n', uid: 1000, gid: 1001 },
  'daemon.txt': { content: 'y\n', uid: 1, gid: 2 },
  setuid: { content: 'z\n', mode: 0o4755, uid: 1000, gid: 1000 },
  'sticky/': { directory: true, mode: 0o1777, uid: 1000, gid: 1000 },
  'setgid/': { directory: true, mode: 0o2755 },
  'setgid/in': 'in\n',
  fifo: { fifo: true, mode: 0o640 },
  null: { device: 'char', major: 1, minor: 3, mode: 0o666 },
  loop: { device: 'block', major: 7, minor: 0, mode: 0o660 },
  ln: { link: 'fifo', uid: 1000, gid: 1001 },
};

/** Links of every kind. */
export const LINKS: TreeSpec = {
  'dir/file': 'file\n',
  'dir/sub/g': 'g\n',
  'to-file': { link: 'dir/file' },
  'to-dir': { link: 'dir' },
  dangling: { link: 'nowhere' },
  absolute: { link: '/etc/hostname' },
  escaping: { link: '../outside' },
  'dir/inside': { link: '../to-file' },
  'dir/out': { link: '../../outside' },
  munged: { link: '/rsyncd-munged/dir/file' },
};

/** Names that need care. */
export const NAMES: TreeSpec = {
  'sp ace': '1\n',
  ' lead': '2\n',
  'new\nline': '3\n',
  'tab\there': '4\n',
  'inv\xff\xfe': '5\n',
  'utf\xc3\xa9': '6\n',
  '-dash': '7\n',
  '\\#001': '8\n',
  'back\\slash': '9\n',
  'star*': '10\n',
  'quo\'te"s': '11\n',
  'di r/$HOME': '12\n',
  'link\n': { link: 'tar\nget' },
  '~tilde': '13\n',
  'semi;colon': '14\n',
};

/** A small tree for filters. */
export const FILTERED: TreeSpec = {
  'one.c': '1\n',
  'one.o': '2\n',
  core: '3\n',
  'keep.o': '4\n',
  'lib/two.c': '5\n',
  'lib/two.o': '6\n',
  'lib/.rsync-filter': '- *.o\n+ keep\n',
  'lib/keep.o': '7\n',
  'lib/tmp/t': '8\n',
  'tmp/t': '9\n',
  'tmp/deep/core': '10\n',
  '.cvsignore': '*.x\n',
  'a.x': '11\n',
  'b.bak': '12\n',
  '.git/config': '13\n',
  'only-o/x.o': '14\n',
};

/** For deletions: what {@link FILTERED} lacks, among what it has. */
export const FILTERED_STALE: TreeSpec = {
  'one.c': '1\n',
  'old.o': 'o\n',
  'old.c': 'o\n',
  'lib/old.o': 'o\n',
  'lib/old.c': 'o\n',
  'tmp/old': 'o\n',
  'dead/keep.o': 'o\n',
  'dead/x/y': 'o\n',
  'dead2/x/y': 'o\n',
  'dead2/z': 'o\n',
};

/** Every type where the other tree has another one. */
export const TYPES: TreeSpec = {
  'file-over-dir': 'f\n',
  'file-over-full': 'f\n',
  'file-over-link': 'f\n',
  'file-over-fifo': 'f\n',
  'dir-over-file/x': 'x\n',
  'dir-over-link/x': 'x\n',
  'dir-over-dirlink/x': 'x\n',
  'link-over-file': { link: 'a' },
  'link-over-dir': { link: 'a' },
  'link-over-full': { link: 'a' },
  'link-over-link': { link: 'a' },
  'fifo-over-file': { fifo: true },
};

export const TYPES_STALE: TreeSpec = {
  'file-over-dir/': null,
  'file-over-full/in/side': 'x\n',
  'file-over-link': { link: 'target' },
  'file-over-fifo': { fifo: true },
  'dir-over-file': 'd\n',
  'dir-over-link': { link: 'target' },
  'dir-over-dirlink': { link: 'target-dir' },
  'target-dir/y': 'y\n',
  target: 't\n',
  'link-over-file': 'l\n',
  'link-over-dir/': null,
  'link-over-full/y': 'y\n',
  'link-over-link': { link: 'b' },
  'fifo-over-file': 'f\n',
};
