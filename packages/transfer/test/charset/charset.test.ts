import { textToBytes } from '@deltawire/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openCharset } from '../../src/charset/charset.ts';

const env = { LC_ALL: 'de_DE.UTF-8' };
const utf8 = textToBytes;

test.each([
  ['utf8', utf8('äŁ日'), utf8('äŁ日')],
  ['UTF-8', utf8('ä'), utf8('ä')],
  ['iso88591', '\xe4\xff\x80', utf8('äÿ\u0080')],
  ['latin1', '\xe4', utf8('ä')],
  ['ISO-8859-15', '\xa4', utf8('€')],
  ['iso-8859-2', '\xa3', utf8('Ł')],
  ['cp1251', '\xc4', utf8('Д')],
  ['KOI8-R', '\xc1', utf8('а')],
  ['SHIFT_JIS', '\x93\xfa\x96{', utf8('日本')],
  ['EUC-JP', '\xc6\xfc', utf8('日')],
  ['gb18030', '\xc4\xe3', utf8('你')],
  ['big5', '\xa4\xa4', utf8('中')],
  ['ascii', 'plain', 'plain'],
])('%s', async (name, here, wire) => {
  const charset = await openCharset(name, env);
  expect(charset.toUtf8(here)).toBe(wire);
  expect(charset.fromUtf8(wire)).toBe(here);
});

test.each([
  ['iso88591', utf8('Ł')],
  ['cp1252', utf8('Ł')],
  ['shift_jis', utf8('é')],
  ['us-ascii', utf8('ä')],
  ['koi8-r', utf8('ä')],
])('%s has no form for it, and nothing takes its place', async (name, wire) => {
  expect((await openCharset(name, env)).fromUtf8(wire)).toBeUndefined();
});

test.each([
  ['utf8', '\xff'],
  ['utf8', '\xc3'],
  ['utf8', '\xed\xa0\x80'],
  ['utf8', '\xc0\xaf'],
  ['ascii', '\xe4'],
  ['cp1252', '\x81\x8d'],
  ['shift_jis', 'a\x93'],
])('%s has no such bytes', async (name, here) => {
  const charset = await openCharset(name, env);
  const result = charset.toUtf8(here);
  // Some charsets give meaning to every byte; then the way back must lead to the same.
  if (result !== undefined) expect(charset.fromUtf8(result)).toBe(here);
  else expect(result).toBeUndefined();
});

test.each([
  ['nosuch', env, 'nosuch'],
  ['utf8//TRANSLIT', env, 'utf8//TRANSLIT'],
  ['base64', env, 'base64'],
  ['hex', env, 'hex'],
  ['utf-16', env, 'utf-16'],
  ['ucs2', env, 'ucs2'],
  ['utf-32le', env, 'utf-32le'],
  ['.', { LANG: 'x.nosuch' }, 'nosuch'],
])('%s is no charset of names', async (name, environment, shown) => {
  await expect(openCharset(name, environment)).rejects.toMatchObject({
    message: `iconv_open("UTF-8", "${shown}") failed`,
    exitCode: 4,
    code: 'UNKNOWN_CHARSET',
  });
});

test.each([
  [{ LC_ALL: 'de_DE.ISO-8859-15@euro', LANG: 'C.UTF-8' }, 'ISO-8859-15'],
  [{ LC_ALL: '', LC_CTYPE: 'C.utf8' }, 'UTF-8'],
  [{ LANG: 'C' }, 'ANSI_X3.4-1968'],
  [{}, 'ANSI_X3.4-1968'],
])('the charset of %o', async (environment, name) => {
  expect((await openCharset('.', environment)).name).toBe(name);
  expect((await openCharset('', environment)).name).toBe(name);
});

test('text for people: what cannot be converted stays', async () => {
  const latin2 = await openCharset('iso-8859-2', env);
  expect(latin2.textFromUtf8(utf8('"ä" © Ł'))).toBe(`"\xe4" ${utf8('©')} \xa3`);
  expect(latin2.textFromUtf8('\xff\xfe')).toBe('\xff\xfe');
  expect((await openCharset('utf8', env)).textToUtf8('\xe4 x')).toBe('\xe4 x');
});

test('why', async () => {
  const charset = await openCharset('utf8', env);
  expect(charset.problemOf('a\xc3')).toBe('Invalid argument');
  expect(charset.problemOf('\xe4b')).toBe('Invalid or incomplete multibyte or wide character');
  expect(charset.problemOf('\xff\xc3')).toBe('Invalid or incomplete multibyte or wide character');
});

const bytes = fc.uint8Array({ maxLength: 24 }).map((array) => String.fromCharCode(...array));

test.each(['utf8', 'latin1', 'ascii', 'cp1252', 'koi8-r', 'shift_jis', 'gb18030', 'big5'])(
  '%s: what can be sent comes back as it was or as its twin',
  async (name) => {
    const charset = await openCharset(name, env);
    fc.assert(
      fc.property(bytes, (here) => {
        const wire = charset.toUtf8(here);
        if (wire === undefined) return;
        const back = charset.fromUtf8(wire);
        // A few bytes of some charsets mean the same as others.
        if (back !== undefined) expect(charset.toUtf8(back)).toBe(wire);
      }),
    );
  },
);
