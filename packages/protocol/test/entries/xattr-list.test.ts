import fc from 'fast-check';
import { expect, test } from 'vitest';
import { XattrListReader, XattrListWriter } from '../../src/entries/xattr-list.ts';
import {
  ByteReader,
  ByteWriter,
  DecodeBuffer,
  LimitError,
  ProtocolError,
  XATTR_INLINE_MAX_BYTES,
  type XattrList,
} from '../../src/index.ts';
import { everySplit } from '../splits.ts';
import { hex } from '../vectors.ts';

/** A list as a sender makes it; long values stand for themselves by any 16 bytes. */
function listOf(...items: readonly (readonly [name: string, value: string])[]): XattrList {
  return items.map(([name, text], i) => {
    const bytes = Buffer.from(text, 'latin1');
    const long = bytes.length > XATTR_INLINE_MAX_BYTES;
    return {
      number: i + 1,
      name,
      length: bytes.length,
      value: long ? undefined : new Uint8Array(bytes),
      digest: long ? new Uint8Array(bytes.subarray(0, 16)) : undefined,
    };
  });
}

const read = (reader: XattrListReader, bytes: ByteReader): XattrList => {
  const got = reader.read(bytes);
  reader.keep(got);
  return got.list;
};

test('literal lists, and references to them', () => {
  const a = listOf(['user.empty', ''], ['user.long', 'x'.repeat(40)], ['user.short', 'abc']);
  const none = listOf();
  const writer = new XattrListWriter();
  const out = new ByteWriter();
  for (const list of [a, none, a, none]) writer.write(out, list);
  const bytes = out.take();
  expect(hex(bytes)).toBe(
    `00030b00${hex(Buffer.from('user.empty\0'))}0a28${hex(Buffer.from('user.long\0'))}${'78'.repeat(16)}` +
      `0b03${hex(Buffer.from('user.short\0abc'))}0000` +
      '0102',
  );
  const reader = new XattrListReader();
  const input = new ByteReader(bytes);
  const first = read(reader, input);
  expect(first).toEqual(a);
  expect(read(reader, input)).toEqual(none);
  expect(read(reader, input)).toBe(first);
  expect(read(reader, input)).toEqual(none);
});

const list = fc
  .uniqueArray(
    fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', '.', '\xff') }),
    {
      maxLength: 5,
    },
  )
  .chain((names) =>
    fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), fc.string({ maxLength: 60 })))),
  )
  .map((items) => listOf(...items.map(([name, value]) => [name, latin1(value)] as const)));
const latin1 = (text: string): string => text.replaceAll(/[^\0-\xff]/g, '?');

test('what is written is read, however it is cut', () => {
  fc.assert(
    fc.property(fc.array(list, { maxLength: 5 }), (lists) => {
      const writer = new XattrListWriter();
      const out = new ByteWriter();
      for (const one of lists) writer.write(out, one);
      const bytes = out.take();
      for (const chunks of everySplit(bytes, 3)) {
        const reader = new XattrListReader();
        const buffer = new DecodeBuffer();
        const got: XattrList[] = [];
        for (const chunk of chunks) {
          buffer.push(chunk);
          for (;;) {
            const value = buffer.attempt((r) => reader.read(r));
            if (value === undefined) break;
            reader.keep(value);
            got.push(value.list);
          }
        }
        expect(got).toEqual(lists);
        expect(buffer.pending).toBe(0);
      }
    }),
    { numRuns: 50 },
  );
});

test.each([
  ['a reference to nothing', '01', LimitError],
  ['a negative reference', 'f0ffffffff', LimitError],
  ['too many', '00c10100', LimitError],
  ['no name', '00010000', LimitError],
  ['a name that is too long', '0001d0010000', LimitError],
  ['a value that is too long', '000102f0010000086100', LimitError],
  ['a name without its end', '000102006162', ProtocolError],
  ['a name with an end inside', '00010300610000', ProtocolError],
])('%s is refused', (_, text, error) => {
  const input = new ByteReader(new Uint8Array(Buffer.from(text, 'hex')));
  expect(() => new XattrListReader().read(input)).toThrow(error);
});
