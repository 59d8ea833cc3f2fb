import type { TreeSpec } from '@deltawire/testkit';
import type { DifferentialCase } from '../harness.ts';

/** UTF-8 as a byte string, which is what names in trees are. */
const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** Names whose order is another one in ISO 8859-2: `ä` e4, `Ł` a3, `ü` fc. */
const UTF8_TREE: TreeSpec = {
  a: 'a',
  m: 'm',
  z: 'z',
  [utf8('ä')]: 'umlaut',
  [utf8('Ł')]: 'stroke',
  [utf8('ü')]: { hardLink: 'a' },
  [utf8('ädir/in/ö')]: 'deep',
  'zdir/q': 'q',
  [utf8('zdir/Łink')]: { link: utf8('../ä') },
};
const LATIN2_TREE: TreeSpec = {
  a: 'a',
  m: 'm',
  z: 'z',
  '\xe4': 'umlaut',
  '\xa3': 'stroke',
  '\xfc': { hardLink: 'a' },
  '\xe4dir/in/\xf6': 'deep',
  'zdir/q': 'q',
  'zdir/\xa3ink': { link: '../\xe4' },
};
const OLD: TreeSpec = { '\xe9x': 'old', '\xe4': 'older', 'zdir/\xf6': 'old', m: 'm' };

const ICONV = '--iconv=utf8,iso-8859-2';
const push = ['local', 'push', 'served-push'] as const;
const pull = ['pull', 'served-pull'] as const;

const to = (options: string, more: Partial<DifferentialCase> = {}): DifferentialCase => ({
  name: `iconv: ${options}`,
  options: [ICONV, ...options.split(' ')],
  files: { src: UTF8_TREE, dst: OLD },
  variants: push,
  ...more,
});
const from = (options: string, more: Partial<DifferentialCase> = {}): DifferentialCase => ({
  ...to(options, { files: { src: LATIN2_TREE, dst: {} }, variants: pull }),
  name: `iconv, pulled: ${options}`,
  ...more,
});

/** Names that are in another charset at the other end. */
export const ICONV_CASES: readonly DifferentialCase[] = [
  to('-aHi'),
  to('-aHi --no-i-r'),
  to('-aHi --delete'),
  to('-aHi --delete-after'),
  to('-ac --out-format=%n%L'),
  to('-aHvv'),
  to('-aHi --protocol=29'),
  to('-ai --protocol=27', { variants: ['local', 'push'], unordered: true }),
  to('-aR', { sources: ['src/./ädir/in/ö', 'src/./zdir'] }),
  to('-sai', { destination: 'ziel-ö' }),
  to('-sai --files-from=list', {
    files: { src: UTF8_TREE, dst: {}, list: utf8('ä\nzdir\nädir/in/ö\n') },
    sources: ['src'],
  }),
  to('-ai --files-from=list', {
    files: { src: UTF8_TREE, dst: {}, list: utf8('ä\nm\n') },
    sources: ['src'],
  }),
  to('-ai --exclude=ä --delete'),
  to('-ai, what cannot be sent', {
    options: [ICONV, '-ai', '--delete'],
    files: {
      src: {
        ok: 'ok',
        'bad\xff': 'x',
        'sub/cut\xc3': 'y',
        'sub/link': { link: 'x\xff' },
        'dir\xe4/f': 'z',
      },
      dst: { extra: 'e' },
    },
  }),
  to('-ai, what cannot be received', {
    options: [ICONV, '-ai', '--delete', '--stderr=client'],
    files: {
      src: { ok: 'ok', [utf8('©')]: 'x', link: { link: utf8('©') } },
      dst: { extra: 'e' },
    },
  }),
  to('-ai, what cannot be received in a directory', {
    options: [ICONV, '-ai', '--stderr=client'],
    files: { src: { ok: 'ok', [utf8('sub/©')]: 'y', [utf8('©/x')]: 'y' }, dst: {} },
    variants: ['local', 'served-push'],
  }),
  // What a server says of a client that has gone depends on who is quicker.
  to('unknown here', { options: ['--iconv=nosuch,utf8', '-a'], variants: ['local'] }),
  to('unknown at both ends', { options: ['--iconv=nosuch', '-a'], variants: ['local'] }),
  to('none', { options: ['--iconv=-', '-ai'] }),
  to('from the environment', { options: ['-ai'], env: { RSYNC_ICONV: 'utf8,latin2' } }),
  to('not from the environment', {
    options: ['-ai', '--no-iconv'],
    env: { RSYNC_ICONV: 'utf8,latin2' },
  }),
  to('of the locale', { options: ['-ai', '--iconv=.,iso88592'] }),
  to('of two others', {
    options: ['-ai', '--iconv=koi8-r,cp1251'],
    files: { src: { '\xc1\xc2\xd7': 'abv', 'dir\xe1/f': 'f' }, dst: {} },
  }),
  to('many bytes to a character', {
    options: ['-ai', '--iconv=utf8,shift_jis'],
    files: { src: { [utf8('日本語')]: 'x', [utf8('表/ソ')]: 'y' }, dst: {} },
  }),
  from('-aHi'),
  from('-aHi --no-i-r'),
  from('-aHi --protocol=29'),
  from('-sai --files-from=list', {
    files: { src: LATIN2_TREE, dst: {}, list: utf8('ä\nzdir\n') },
    sources: ['src'],
  }),
  from('-sai, an argument', { options: [ICONV, '-sai'], sources: ['src/ä'] }),
  from('-ai --delete', { files: { src: LATIN2_TREE, dst: { [utf8('é')]: 'x' } } }),
];
