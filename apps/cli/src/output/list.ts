import { type FileEntry, localTimeText } from '@deltawire/protocol';
import { formatCount, type HumanLevel } from './humanize.ts';
import { isDirectoryMode, isSymlinkMode } from './names.ts';

/** The first character of `ls -l` by the type bits of a mode, `st_mode >> 12`. */
const TYPES = '?pc?d?b?-?l?s???';

/** The character `ls -l` begins a line with; `?` for an unknown type. */
export const typeCharacter = (mode: number): string => TYPES[(mode >> 12) & 15]!;

/** The nine permission characters, with `s`, `S`, `t` and `T`: `rwxr-sr-T`. */
export function permissionText(mode: number): string {
  let text = '';
  for (let shift = 6; shift >= 0; shift -= 3) {
    const bits = mode >> shift;
    const special = mode & (0o1000 << (shift / 3));
    const letter = shift === 0 ? 't' : 's';
    const execute = bits & 1;
    text += bits & 4 ? 'r' : '-';
    text += bits & 2 ? 'w' : '-';
    if (special) text += execute ? letter : letter.toUpperCase();
    else text += execute ? 'x' : '-';
  }
  return text;
}

/** What a `--list-only` line shows besides mode, size, time and name. */
export interface ListFormat {
  readonly human: HumanLevel;
  readonly atimes: boolean;
  readonly crtimes: boolean;
  readonly links: boolean;
}

/** One line of `--list-only`, without its line feed; a byte string. Source: docs/spec/data.md §13.6. */
export function formatListing(entry: FileEntry, format: ListFormat): string {
  const { mode } = entry;
  const directory = isDirectoryMode(mode);
  const size = formatCount(entry.size, format.human).padStart(format.human === 0 ? 11 : 14);
  // Directories keep the column, but rsync does not carry their access times.
  const blank = ' '.repeat(20);
  let line = `${typeCharacter(mode)}${permissionText(mode)} ${size} ${localTimeText(entry.mtime)}`;
  if (format.atimes) line += directory ? blank : ` ${localTimeText(entry.atime)}`;
  if (format.crtimes) line += ` ${localTimeText(entry.crtime)}`;
  line += ` ${entry.name}`;
  if (format.links && isSymlinkMode(mode)) line += ` -> ${entry.linkTarget}`;
  return line;
}
