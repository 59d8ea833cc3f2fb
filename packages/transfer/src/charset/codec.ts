import { decodeByteString } from '@deltawire/protocol';

/** One charset: byte strings to JavaScript text and back, or undefined where that is impossible. */
export interface CharsetCodec {
  decode(bytes: string): string | undefined;
  encode(text: string): string | undefined;
}

/** What every charset of file names has to agree on. */
const ASCII_SAMPLE = '/.~ -_09azAZ';

/**
 * The codec of a charset by any of its names, or undefined when there is none. What Node lacks comes
 * from `iconv-lite`, which is loaded when it is needed.
 */
export async function findCodec(name: string): Promise<CharsetCodec | undefined> {
  const key = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  // `//TRANSLIT` and the like are glibc's; a name that was changed is not the same file.
  if (name.includes('/')) return undefined;
  if (key === 'utf8') return UTF8;
  if (ASCII_NAMES.has(key)) return singleByte(0x7f);
  if (LATIN1_NAMES.has(key)) return singleByte(0xff);
  return fromLibrary(key);
}

const ASCII_NAMES: ReadonlySet<string> = new Set([
  'ascii',
  'usascii',
  'ansix341968',
  'ansix34',
  '646',
  'iso646us',
  'c',
  'posix',
]);
const LATIN1_NAMES: ReadonlySet<string> = new Set(['iso88591', 'latin1', 'l1', 'iso885911987']);

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8, of which surrogates and overlong forms are no part. */
export const UTF8: CharsetCodec = {
  decode(bytes) {
    try {
      return strict.decode(Buffer.from(bytes, 'latin1'));
    } catch {
      return undefined;
    }
  },
  encode: (text) => (text.isWellFormed() ? decodeByteString(Buffer.from(text, 'utf8')) : undefined),
};

/** Charsets that are the start of Unicode. */
function singleByte(last: number): CharsetCodec {
  const fits = (text: string): string | undefined => {
    for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > last) return undefined;
    return text;
  };
  return { decode: fits, encode: fits };
}

/**
 * The library puts signs in the place of what it cannot convert; strict is what comes back as it was.
 */
async function fromLibrary(key: string): Promise<CharsetCodec | undefined> {
  const { default: iconv } = await import('iconv-lite');
  if (!iconv.encodingExists(key)) return undefined;
  const decode = (bytes: string): string =>
    iconv.decode(Buffer.from(bytes, 'latin1'), key, { stripBOM: false });
  const encode = (text: string): string =>
    decodeByteString(iconv.encode(text, key, { addBOM: false }));
  if (encode(ASCII_SAMPLE) !== ASCII_SAMPLE || decode(ASCII_SAMPLE) !== ASCII_SAMPLE) {
    return undefined;
  }
  return {
    decode(bytes) {
      const text = decode(bytes);
      return text.includes('\ufffd') ? undefined : text;
    },
    encode(text) {
      const bytes = encode(text);
      return decode(bytes) === text ? bytes : undefined;
    },
  };
}
