import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bytesToText,
  decodeByteString,
  encodeByteString,
  escapeBytes,
  escapeForDisplay,
  textToBytes,
} from '../../src/index.ts';
import { hex } from '../vectors.ts';

test('a byte string has one char per byte', () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  const text = decodeByteString(all);
  expect(text).toHaveLength(256);
  expect(text.charCodeAt(0x80)).toBe(0x80); // not windows-1252
  expect([...encodeByteString(text)]).toEqual([...all]);
  expect(decodeByteString(all, 65, 68)).toBe('ABC');
});

test('long byte strings', () => {
  const long = new Uint8Array(10_000).fill(0x61);
  expect(decodeByteString(long)).toBe('a'.repeat(10_000));
});

test('encodeByteString() writes into a target', () => {
  const target = new Uint8Array(4);
  expect(encodeByteString('abc', target, 1, 1)).toBe(target);
  expect(hex(target)).toBe('00626300');
});

test('text and byte strings', () => {
  expect(textToBytes('plain')).toBe('plain');
  expect(textToBytes('\u00e9\u{1f600}')).toBe('\u00c3\u00a9\u00f0\u009f\u0098\u0080');
  expect(bytesToText('\u00c3\u00a9')).toBe('\u00e9');
  expect(bytesToText('a\u00ff')).toBe('a\ufffd');
  const codePoint = fc.oneof(fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }));
  fc.assert(
    fc.property(fc.array(codePoint), (codePoints) => {
      const text = String.fromCodePoint(...codePoints);
      expect(bytesToText(textToBytes(text))).toBe(text);
    }),
  );
});

describe('escapeForDisplay()', () => {
  // Observed with rsync 3.5.0 in a UTF-8 locale, except where noted.
  test.each([
    ['plain name.txt', 'plain name.txt'],
    ['a\x01b', 'a\\#001b'],
    ['nl\nx', 'nl\\#012x'],
    ['tab\tx', 'tab\tx'],
    ['del\x7f', 'del\x7f'],
    ['c\\#123', 'c\\#134#123'],
    ['c\\#12', 'c\\#12'],
    ['c\\d', 'c\\d'],
    ['bad\xff', 'bad\\#377'],
    ['cut\xc3', 'cut\\#303'],
    ['\xc3\xa9ok', '\u00e9ok'],
    ['nb\xc2\xa0', 'nb\u00a0'],
    ['\xf0\x9f\x98\x80', '\u{1f600}'],
    ['\xe2\x82\xac', '\u20ac'],
    ['sur\xed\xa0\x80', 'sur\\#355\\#240\\#200'],
    ['long\xe0\x80\xaf', 'long\\#340\\#200\\#257'],
    ['long\xf0\x80\x80\xaf', 'long\\#360\\#200\\#200\\#257'],
    ['\xf4\x90\x80\x80', '\\#364\\#220\\#200\\#200'],
    ['\xf5\x80\x80\x80', '\\#365\\#200\\#200\\#200'],
    ['\xc0\xaf', '\\#300\\#257'],
    // rsync prints the C1 controls, which terminals obey; we do not.
    ['c1\xc2\x9b', 'c1\\#302\\#233'],
  ])('%j is shown as %j', (name, shown) => {
    expect(escapeForDisplay(name)).toBe(shown);
  });

  test('with 8-bit output only control bytes are escaped', () => {
    expect(escapeBytes('a\x01\xff\xc3', true)).toBe('a\\#001\xff\xc3');
    expect(escapeForDisplay('\xc3\xa9\n', true)).toBe('\u00e9\\#012');
  });

  test('what comes out is printable', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        const shown = escapeForDisplay(decodeByteString(data));
        for (const char of shown) {
          const code = char.codePointAt(0)!;
          const control = (code < 0x20 && char !== '\t') || (code >= 0x80 && code < 0xa0);
          expect(control || char === '\ufffd').toBe(false);
        }
      }),
    );
  });

  test('no two names look the same', () => {
    const part = fc.constantFrom('\\', '#', '134', '0', '1', '2', '\x01', '\xff', '\\#001', 'a');
    fc.assert(
      fc.property(fc.array(part), fc.array(part), (a, b) => {
        fc.pre(a.join('') !== b.join(''));
        expect(escapeBytes(a.join(''))).not.toBe(escapeBytes(b.join('')));
      }),
      { numRuns: 1000 },
    );
  });
});
