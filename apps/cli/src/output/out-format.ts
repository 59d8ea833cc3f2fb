import { ITEMIZED_DELETION, localTimeText } from '@deltawire/protocol';
import { type DigestFormat, digestFormat, digestHex } from './digest.ts';
import { formatCount, type HumanLevel } from './humanize.ts';
import { formatItem, type ItemizeFormat } from './itemize.ts';
import { permissionText } from './list.ts';
import { isDirectoryMode, itemLink, itemName, type NamedItem } from './names.ts';

/** One update as `--out-format` sees it; sizes in bytes. */
export interface UpdateLine extends NamedItem {
  readonly entry: NamedItem['entry'] & {
    readonly size: number;
    readonly mtime: number;
    readonly uid: number;
    readonly gid: number;
  };
  readonly operation: 'send' | 'recv' | 'del.';
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** The file's digest, when one was computed. */
  readonly checksum: Uint8Array | undefined;
  /** Which checksum that is; without it the one that was to be expected. */
  readonly checksumName?: string | undefined;
  /** `%f`: the name behind the source argument's prefix; a byte string. */
  readonly sourceName: string;
}

/** What the lines of one run have in common. */
export interface LineContext extends ItemizeFormat {
  readonly links: boolean;
  readonly owner: boolean;
  readonly group: boolean;
  /** Its length is also how many blanks stand for no digest. */
  readonly digest: DigestFormat;
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Piece = string | { readonly letter: string; readonly pad: string; readonly quotes: number };

/** A parsed `--out-format`. */
export interface OutFormat {
  readonly pieces: readonly Piece[];
  /** `%i` occurs: unchanged items are shown on request and "is uptodate" lines are not. */
  readonly itemizes: boolean;
  /** Deletions are lines of this format, not `deleting NAME`. */
  readonly showsDeletions: boolean;
  /** Something in it is known only after the file's data: `%b`, `%c`, `%C`. */
  readonly needsResult: boolean;
}

const NUMERIC = 'lbc';
/** Escapes that a client does not know (`%a %h %P %u` belong to a daemon) stay as they are. */
const KNOWN = '%nfilbcCBMtUGopLm';
const ESCAPE = /%('*)(-?\d*)('*)([A-Za-z%])/g;

/** Parse `--out-format`; anything unknown stays verbatim. Source: docs/spec/data.md §13.5. */
export function parseOutFormat(text: string): OutFormat {
  const pieces: Piece[] = [];
  let last = 0;
  for (const match of text.matchAll(ESCAPE)) {
    const [whole, before = '', pad = '', after = '', letter = ''] = match;
    if (!KNOWN.includes(letter)) continue;
    pieces.push(text.slice(last, match.index), { letter, pad, quotes: (before + after).length });
    last = match.index + whole.length;
  }
  pieces.push(text.slice(last));
  const uses = (letters: string): boolean =>
    pieces.some((piece) => typeof piece !== 'string' && letters.includes(piece.letter));
  return {
    pieces: pieces.filter((piece) => piece !== ''),
    itemizes: uses('i'),
    showsDeletions: uses('io'),
    needsResult: uses('bcC'),
  };
}

/** One line, a byte string without its line feed. */
export function formatLine(format: OutFormat, line: UpdateLine, context: LineContext): string {
  let text = '';
  for (const piece of format.pieces) {
    if (typeof piece === 'string') {
      text += piece;
      continue;
    }
    const value = NUMERIC.includes(piece.letter)
      ? formatCount(numericValue(piece.letter, line), Math.min(piece.quotes, 3) as HumanLevel)
      : textValue(piece.letter, line, context);
    text += padded(value, piece.pad);
  }
  return text;
}

function padded(value: string, pad: string): string {
  if (pad === '' || pad === '-') return value;
  return pad.startsWith('-') ? value.padEnd(Number(pad.slice(1))) : value.padStart(Number(pad));
}

function numericValue(letter: string, line: UpdateLine): number {
  if (letter === 'l') return line.entry.size;
  return letter === 'b' ? line.bytesSent : line.bytesReceived;
}

function textValue(letter: string, line: UpdateLine, context: LineContext): string {
  const { entry } = line;
  const deleted = line.operation === 'del.';
  switch (letter) {
    case 'n':
      return itemName(line);
    case 'f':
      return line.sourceName;
    case 'L':
      return itemLink(line, context.links);
    case 'i':
      return deleted ? ITEMIZED_DELETION : formatItem(line.iflags, entry.mode, context);
    case 'C':
      return digestText(line, context);
    case 'B':
      return permissionText(entry.mode);
    case 'M':
      return localTimeText(entry.mtime, '-');
    case 't':
      return localTimeText(Math.floor(context.now() / 1000));
    case 'U':
      return `${context.owner ? entry.uid : 0}`;
    case 'G':
      return context.group ? `${entry.gid}` : 'DEFAULT';
    case 'o':
      return line.operation;
    case 'p':
      return `${context.pid}`;
    case '%':
      return '%';
    default:
      return ''; // %m: a client has no module
  }
}

function digestText(line: UpdateLine, { digest }: LineContext): string {
  const { checksum, checksumName } = line;
  const format = checksumName === undefined ? digest : digestFormat(checksumName);
  if (!checksum || isDirectoryMode(line.entry.mode)) return ' '.repeat(2 * format.length);
  return digestHex(checksum, format);
}
