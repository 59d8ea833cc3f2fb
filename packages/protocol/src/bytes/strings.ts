/**
 * Byte strings: JavaScript strings whose char codes are bytes, 0 to 255. Names, paths and patterns
 * are byte strings everywhere in Deltawire, because a file name is bytes that need not be UTF-8.
 *
 * Escaping for display: docs/spec/data.md §13.5.
 */

/** `String.fromCharCode` takes this many arguments safely on every engine. */
const CHUNK = 4096;

/** The bytes from `start` to `end` as a byte string. */
export function decodeByteString(
  bytes: Uint8Array,
  start: number = 0,
  end: number = bytes.length,
): string {
  if (end - start > CHUNK) {
    let text = '';
    for (let at = start; at < end; at += CHUNK) {
      text += decodeByteString(bytes, at, Math.min(end, at + CHUNK));
    }
    return text;
  }
  // A plain array is spread twice as fast as a typed one; both beat TextDecoder on file names,
  // and TextDecoder's "latin1" is windows-1252 anyway.
  const codes = new Array<number>(end - start);
  for (let at = start; at < end; at++) codes[at - start] = bytes[at]!;
  return String.fromCharCode.apply(null, codes);
}

/**
 * Write a byte string, or the part of it from `start`, into `target`. Char codes above 255 are cut.
 * Without a target a new array is returned.
 */
export function encodeByteString(
  text: string,
  target: Uint8Array = new Uint8Array(text.length),
  offset: number = 0,
  start: number = 0,
): Uint8Array {
  for (let from = start, to = offset; from < text.length; from++, to++) {
    target[to] = text.charCodeAt(from);
  }
  return target;
}

const ascii = /^[\0-\x7f]*$/;

/** Text to its UTF-8 form as a byte string. */
export function textToBytes(text: string): string {
  return ascii.test(text) ? text : decodeByteString(new TextEncoder().encode(text));
}

/** A byte string to text; what is not valid UTF-8 becomes U+FFFD. */
export function bytesToText(bytes: string): string {
  return ascii.test(bytes)
    ? bytes
    : new TextDecoder('utf-8', { ignoreBOM: true }).decode(encodeByteString(bytes));
}

/** Something that must not reach a terminal as it is, see {@link escapeBytes}. */
const suspicious = /[^\t\x20-\x5b\x5d-\x7f]/;
const TAB = 0x09;
const BACKSLASH = 0x5c;

/**
 * Escape what could not be displayed, byte for byte: control bytes below 0x20 except TAB, and, unless
 * `eightBit`, bytes that are not part of valid UTF-8, as `\#ooo` (octal); and a backslash that
 * would otherwise look like the start of such an escape.
 *
 * Like rsync in a UTF-8 locale, except that the C1 controls (U+0080 to U+009F), which terminals obey,
 * are escaped too.
 */
export function escapeBytes(name: string, eightBit: boolean = false): string {
  if (!suspicious.test(name)) return name;
  let escaped = '';
  for (let at = 0; at < name.length; ) {
    const byte = name.charCodeAt(at);
    const length = byte < 0x80 || eightBit ? 1 : utf8Length(name, at);
    const plain =
      byte < 0x20 ? byte === TAB : byte === BACKSLASH ? !looksEscaped(name, at) : length > 0;
    if (plain) escaped += name.slice(at, at + length);
    else escaped += `\\#${byte.toString(8).padStart(3, '0')}`;
    at += plain ? length : 1;
  }
  return escaped;
}

/** {@link escapeBytes} as text: what a person gets to see of a name. */
export function escapeForDisplay(name: string, eightBit: boolean = false): string {
  return bytesToText(escapeBytes(name, eightBit));
}

function looksEscaped(name: string, at: number): boolean {
  if (name.charCodeAt(at + 1) !== 0x23) return false;
  for (let i = at + 2; i < at + 5; i++) {
    const code = name.charCodeAt(i);
    if (!(code >= 0x30 && code <= 0x39)) return false;
  }
  return true;
}

/**
 * Length of the printable UTF-8 sequence at `at`; 0 when there is none: broken, overlong, a surrogate,
 * beyond U+10FFFF or a C1 control.
 */
function utf8Length(name: string, at: number): number {
  const lead = name.charCodeAt(at);
  const length = lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (length === 0 || lead > 0xf4 || at + length > name.length) return 0;
  for (let i = at + 1; i < at + length; i++) {
    if ((name.charCodeAt(i) & 0xc0) !== 0x80) return 0;
  }
  const second = name.charCodeAt(at + 1);
  if (lead === 0xc2 && second < 0xa0) return 0;
  if (lead === 0xe0 && second < 0xa0) return 0;
  if (lead === 0xed && second >= 0xa0) return 0;
  if (lead === 0xf0 && second < 0x90) return 0;
  if (lead === 0xf4 && second >= 0x90) return 0;
  return length;
}
