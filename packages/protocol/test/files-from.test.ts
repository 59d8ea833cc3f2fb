import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFilesFrom, FilesFromDecoder, FilesFromEncoder } from '../src/index.ts';
import { everySplit, inChunks } from './splits.ts';
import { bytes, concat, hex } from './vectors.ts';

const encoder = new TextEncoder();

test('a captured list', () => {
  const names = ['a', 'd/e/f', './z', 'd/'];
  const captured = '6100642f652f66002e2f7a00642f0000';
  expect(hex(encodeFilesFrom(names))).toBe(captured);
  expect(new FilesFromDecoder().push(bytes(captured))).toEqual(names);
});

test('every way to cut a list, with bytes behind it', () => {
  const stream = bytes('6100 6262 00 00 07 00 08');
  for (const chunks of everySplit(stream)) {
    const decoder = new FilesFromDecoder();
    const names: string[] = [];
    let behind = '';
    for (const chunk of chunks) {
      if (decoder.done) behind += hex(chunk);
      else {
        names.push(...decoder.push(chunk));
        if (decoder.done) behind += hex(decoder.rest);
      }
    }
    expect(names).toEqual(['a', 'bb']);
    expect(behind).toBe('070008');
  }
});

test.each([
  ['a\nd/e/f\n./z\n', 'a\0d/e/f\0./z\0\0'],
  ['a\r\n\r\n\nb', 'a\0b\0\0'],
  ['\n\na\n', 'a\0\0'],
  ['', '\0'],
  ['# kept\n', '# kept\0\0'],
])('a file %j travels as %j', (file, stream) => {
  for (const chunks of everySplit(encoder.encode(file))) {
    const encode = new FilesFromEncoder();
    const parts = chunks.map((chunk) => encode.push(chunk));
    expect(hex(concat([...parts, encode.finish()]))).toBe(hex(encoder.encode(stream)));
  }
});

test('with from0 only NUL separates', () => {
  const encode = new FilesFromEncoder({ from0: true });
  const out = concat([encode.push(encoder.encode('a\nb\0\0c\r')), encode.finish()]);
  expect(new FilesFromDecoder().push(out)).toEqual(['a\nb', 'c\r']);
});

test('names survive, in chunks of any size', () => {
  const name = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((data) => {
    return String.fromCharCode(...data.map((byte) => byte || 1));
  });
  fc.assert(
    fc.property(fc.array(name), fc.integer({ min: 1, max: 9 }), (names, size) => {
      const decoder = new FilesFromDecoder();
      const chunks = inChunks(encodeFilesFrom(names), size);
      expect(chunks.flatMap((chunk) => decoder.push(chunk))).toEqual(names);
      expect(decoder.done).toBe(true);
    }),
  );
});
