import type { FileEntry } from '@deltawire/protocol';

const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;
const S_IFLNK = 0o120000;

/** Whether a mode belongs to a directory. */
export const isDirectoryMode = (mode: number): boolean => (mode & S_IFMT) === S_IFDIR;

/** Whether a mode belongs to a symbolic link. */
export const isSymlinkMode = (mode: number): boolean => (mode & S_IFMT) === S_IFLNK;

/**
 * Which bytes a terminal shows as they are: `utf8` valid UTF-8 only, `ascii` nothing above 0x7f
 * (the C locale), `eight-bit` everything but control characters (`-8`).
 */
export type DisplayCharset = 'utf8' | 'ascii' | 'eight-bit';

/** The charset that the environment's locale and `-8` ask for. */
export function displayCharset(
  env: Readonly<Record<string, string | undefined>>,
  eightBit: boolean,
): DisplayCharset {
  if (eightBit) return 'eight-bit';
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return /utf-?8/i.test(locale) ? 'utf8' : 'ascii';
}

/** Nothing to escape, whatever the charset: by far the most names. */
const PLAIN = /^(?:[\t -[\]-\x7f]|\\(?!#))*$/;

/**
 * By charset: what may have to be escaped. Whole UTF-8 sequences are matched so that their bytes
 * are not looked at one by one; what is longer than a byte stays.
 */
const SUSPECTS: Readonly<Record<DisplayCharset, RegExp>> = {
  utf8: new RegExp(
    [
      '[\\xc2-\\xdf][\\x80-\\xbf]',
      '\\xe0[\\xa0-\\xbf][\\x80-\\xbf]',
      '[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}',
      '\\xed[\\x80-\\x9f][\\x80-\\xbf]', // no surrogates
      '\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}',
      '[\\xf1-\\xf3][\\x80-\\xbf]{3}',
      '\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2}',
      '[^\\t -\\x7f]',
      '\\\\(?=#[0-9]{3})',
    ].join('|'),
    'g',
  ),
  ascii: /[^\t -\x7f]|\\(?=#[0-9]{3})/g,
  'eight-bit': /[^\t -\xff]|\\(?=#[0-9]{3})/g,
};

const escapeSuspect = (found: string): string =>
  found.length > 1 ? found : `\\#${found.charCodeAt(0).toString(8).padStart(3, '0')}`;

/**
 * A byte string as it may be printed: bytes the locale cannot show become `\#ooo`, and so does a
 * backslash that would look like one. Takes and returns a byte string. Source: docs/spec/data.md
 * §13.5.
 */
export function escapeBytes(bytes: string, charset: DisplayCharset): string {
  return PLAIN.test(bytes) ? bytes : bytes.replace(SUSPECTS[charset], escapeSuspect);
}

/** What an item line needs to know about its subject. */
export interface NamedItem {
  readonly name: string;
  readonly entry: Pick<FileEntry, 'mode' | 'linkTarget'>;
  readonly iflags: number;
  readonly xname: string | undefined;
}

/** `%n`: the name, with `/` after a directory. */
export function itemName(item: NamedItem): string {
  return isDirectoryMode(item.entry.mode) ? `${item.name}/` : item.name;
}

const XNAME_FOLLOWS = 0x1000;
const LOCAL_CHANGE = 0x4000;

/** `%L`: ` -> TARGET` of a symlink, ` => LEADER` of a hard link, else empty. */
export function itemLink(item: NamedItem, showTargets: boolean): string {
  // A transfer may carry an xname too (the fuzzy basis); only a local change is a hard link.
  const linked = (item.iflags & (XNAME_FOLLOWS | LOCAL_CHANGE)) === (XNAME_FOLLOWS | LOCAL_CHANGE);
  if (linked && item.xname) return ` => ${item.xname}`;
  if (showTargets && isSymlinkMode(item.entry.mode)) return ` -> ${item.entry.linkTarget}`;
  return '';
}
