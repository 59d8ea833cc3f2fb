import { writeFileSync } from 'node:fs';
import { temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import {
  type DisplayCharset,
  displayCharset,
  escapeBytes,
  itemLink,
  itemName,
} from '../../src/output/names.ts';
import { realRsync } from '../real-rsync.ts';

const NAMES = [
  'plain',
  'with space',
  'tab\there',
  'line\nfeed',
  'b\x01ad',
  'c\\#123',
  'c\\#12',
  'c\\x',
  'del\x7f',
  '\xc3\xbc',
  '\xf0\x9f\x98\x80',
  'in\xffvalid',
  'mix\xc3\xbc\xfe\\#777',
  'cut\xe2\x82',
  '\xc2\x85control',
];

test.each([
  ['utf8', [], { LANG: 'C.UTF-8' }],
  ['ascii', [], { LC_ALL: 'C' }],
  ['eight-bit', ['-8'], { LANG: 'C.UTF-8' }],
] as const)('escapeBytes agrees with rsync: %s', (charset: DisplayCharset, args, env) => {
  using directory = temporaryDirectory();
  for (const name of NAMES) writeFileSync(Buffer.from(`${directory.path}/${name}`, 'latin1'), '');
  const { stdout } = realRsync(directory.path, ['-r', '--list-only', ...args, './'], env);
  const shown = stdout.split('\n').map((line) => line.slice(46));
  for (const name of NAMES) expect(shown).toContain(escapeBytes(name, charset));
  expect(displayCharset(env, args.length > 0)).toBe(charset);
});

test('itemName and itemLink', () => {
  const entry = { mode: 0o120777, linkTarget: 't' };
  const item = { name: 'l', entry, iflags: 0, xname: undefined };
  expect(itemName(item)).toBe('l');
  expect(itemName({ ...item, entry: { mode: 0o40755, linkTarget: '' } })).toBe('l/');
  expect(itemLink(item, true)).toBe(' -> t');
  expect(itemLink(item, false)).toBe('');
  expect(itemLink({ ...item, iflags: 0x5000, xname: 'leader' }, true)).toBe(' => leader');
  // The xname of a transfer is its fuzzy basis, not a link.
  expect(
    itemLink(
      { ...item, entry: { mode: 0o100644, linkTarget: '' }, iflags: 0x9000, xname: 'x' },
      true,
    ),
  ).toBe('');
});
