import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ByteReader,
  ByteWriter,
  createDialect,
  type IdList,
  readIdList,
  writeIdList,
} from '../../src/index.ts';
import { dialects, hex } from '../vectors.ts';

function encode(list: IdList, dialect = createDialect(32, 0x1fe)): Uint8Array {
  const writer = new ByteWriter();
  writeIdList(writer, dialect, list);
  return writer.take();
}

test('a captured list', () => {
  const list: IdList = { entries: [{ id: 65534, name: 'nobody' }], id0Name: 'root' };
  expect(hex(encode(list))).toBe('c0feff066e6f626f64790004726f6f74');
});

test('without ID0_NAMES the end is a bare 0', () => {
  const old = createDialect(29, 0);
  const encoded = encode({ entries: [], id0Name: undefined }, old);
  expect(hex(encoded)).toBe('00000000');
  expect(readIdList(new ByteReader(encoded), old)).toEqual({ entries: [], id0Name: undefined });
});

test('a name has at most 255 bytes', () => {
  const list: IdList = { entries: [{ id: 1, name: 'x'.repeat(256) }], id0Name: '' };
  expect(() => encode(list)).toThrow(RangeError);
});

test('any list survives in every dialect', () => {
  const name = fc.string({ unit: 'binary-ascii', maxLength: 255 });
  const entry = fc.record({ id: fc.integer({ min: 1, max: 0xffffffff }), name });
  fc.assert(
    fc.property(
      fc.array(entry),
      name,
      fc.constantFrom(...dialects),
      (entries, id0Name, dialect) => {
        const list: IdList = { entries, id0Name: dialect.id0Names ? id0Name : undefined };
        const reader = new ByteReader(encode(list, dialect));
        expect(readIdList(reader, dialect)).toEqual(list);
        expect(reader.available).toBe(0);
      },
    ),
  );
});
