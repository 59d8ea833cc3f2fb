import { bytesToText, ExitCode, RsyncError } from '@deltawire/protocol';
import { type CharsetCodec, findCodec, UTF8 } from './codec.ts';

/** What the system says of bytes that mean nothing, or have no counterpart. */
const IMPOSSIBLE = 'Invalid or incomplete multibyte or wide character';
/** What it says of bytes that end within a character. */
const INCOMPLETE = 'Invalid argument';

/**
 * The charset of this side's names (`--iconv`). Conversion is strict: what has no counterpart is
 * undefined, never something else (docs/spec/data.md §3.16).
 */
export class Charset {
  /** As it is called: what was asked for, or what the locale has. */
  readonly name: string;
  readonly #codec: CharsetCodec;

  constructor(name: string, codec: CharsetCodec) {
    this.name = name;
    this.#codec = codec;
  }

  /** A name of this side as UTF-8; byte strings both. */
  toUtf8(name: string): string | undefined {
    return convert(name, this.#codec, UTF8);
  }

  /** UTF-8 in this side's charset; byte strings both. */
  fromUtf8(name: string): string | undefined {
    return convert(name, UTF8, this.#codec);
  }

  /** Text for people: bytes that cannot be converted stay as they are. */
  textToUtf8(text: string): string {
    return convertPieces(text, (piece) => this.toUtf8(piece));
  }

  /** The other way. */
  textFromUtf8(text: string): string {
    return convertPieces(text, (piece) => this.fromUtf8(piece));
  }

  /** Why a name of this side has no UTF-8 form. */
  problemOf(name: string): string {
    return this.#codec === UTF8 && endsWithin(name) ? INCOMPLETE : IMPOSSIBLE;
  }

  /** Why UTF-8 has no form here. */
  problemOfUtf8(name: string): string {
    return endsWithin(name) ? INCOMPLETE : IMPOSSIBLE;
  }
}

/**
 * Find a charset by name; `.` and the empty name mean the locale's. Throws with exit code 4 for one
 * that does not exist here.
 */
export async function openCharset(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Charset> {
  const asked = name === '.' || name === '' ? localeCharset(env) : name;
  const codec = await findCodec(asked);
  if (codec !== undefined) return new Charset(asked, codec);
  throw new RsyncError(`iconv_open("UTF-8", "${bytesToText(asked)}") failed`, {
    code: 'UNKNOWN_CHARSET',
    exitCode: ExitCode.UNSUPPORTED,
  });
}

/** The charset that the locale's name ends in; ASCII without one, as in the C locale. */
function localeCharset(env: Readonly<Record<string, string | undefined>>): string {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  const charset = /\.([^@]+)/.exec(locale)?.[1] ?? 'ANSI_X3.4-1968';
  return /^utf-?8$/i.test(charset) ? 'UTF-8' : charset;
}

const PLAIN = /^[\0-\x7f]*$/;

function convert(bytes: string, from: CharsetCodec, to: CharsetCodec): string | undefined {
  if (PLAIN.test(bytes)) return bytes;
  const text = from.decode(bytes);
  return text === undefined ? undefined : to.encode(text);
}

/** As much as possible at once: everything, else each run of bytes that are not ASCII, else each character. */
function convertPieces(text: string, one: (piece: string) => string | undefined): string {
  const whole = one(text);
  if (whole !== undefined) return whole;
  return text.replaceAll(
    /[\x80-\xff]+/g,
    (run) => one(run) ?? run.replaceAll(CHARACTER, (c) => one(c) ?? c),
  );
}

/** A character of UTF-8, or a byte that belongs to none. */
const CHARACTER =
  /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\s\S]/g;

/** Whether UTF-8 ends before its last character does. */
function endsWithin(bytes: string): boolean {
  const start = /(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})$/.exec(bytes);
  return start !== null && UTF8.decode(bytes.slice(0, start.index)) !== undefined;
}
