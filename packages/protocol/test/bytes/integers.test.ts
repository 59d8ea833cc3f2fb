import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ByteReader,
  ByteWriter,
  LimitError,
  ProtocolError,
  readLongint,
  readLongKey,
  readVarint,
  readVarint30,
  readVarlong,
  readVarlong30,
  readVstring,
  writeLongint,
  writeLongKey,
  writeVarint,
  writeVarint30,
  writeVarlong,
  writeVarlong30,
  writeVstring,
} from '../../src/index.ts';
import { bytes, hex, loadVectors } from '../vectors.ts';

type Pairs = [string | number, string][];

const spec = loadVectors<Record<string, Pairs>>('vectors/ints.json');
const golden = loadVectors<Record<string, Pairs>>('golden/vectors.json');

interface Codec {
  read(reader: ByteReader): number;
  write(writer: ByteWriter, value: number): void;
}

const varint: Codec = { read: readVarint, write: writeVarint };
const varlong3: Codec = {
  read: (r) => readVarlong(r, 3),
  write: (w, value) => writeVarlong(w, value, 3),
};
const varlong4: Codec = {
  read: (r) => readVarlong(r, 4),
  write: (w, value) => writeVarlong(w, value, 4),
};
const longint: Codec = { read: readLongint, write: writeLongint };
const int32: Codec = { read: (r) => r.i32(), write: (w, value) => w.i32(value) };
const shortint: Codec = { read: (r) => r.u16(), write: (w, value) => w.u16(value) };

function encode(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  write(writer);
  return writer.take();
}

describe.each<[string, Codec, Pairs | undefined]>([
  ['varint, ints.json', varint, spec.varint],
  ['varlong(3), ints.json', varlong3, spec.varlong_min3],
  ['varlong(4), ints.json', varlong4, spec.varlong_min4],
  ['longint, ints.json', longint, spec.longint],
  ['int32, ints.json', int32, spec.int32],
  ['shortint, ints.json', shortint, spec.shortint],
  ['varint, golden', varint, golden.varint],
  ['varlong(3), golden', varlong3, golden.varlong3],
  ['varlong(4), golden', varlong4, golden.varlong4],
  ['longint, golden', longint, golden.longint],
  ['int32, golden', int32, golden.int32],
  ['shortint, golden', shortint, golden.shortint],
])('%s', (_name, codec, pairs = []) => {
  test('has vectors', () => expect(pairs.length).toBeGreaterThan(3));

  test.each(pairs)('%s is %s', (text, encoded) => {
    const reader = new ByteReader(bytes(encoded));
    const value = Number(text);
    if (!Number.isSafeInteger(value)) {
      expect(() => codec.read(reader)).toThrow(LimitError);
      return;
    }
    expect(codec.read(reader)).toBe(value);
    expect(reader.available).toBe(0);
    expect(hex(encode((w) => codec.write(w, value)))).toBe(encoded);
  });
});

test('a varint announcing more than four bytes is refused', () => {
  for (let first = 0xf8; first <= 0xff; first++) {
    const stream = Uint8Array.of(first, 1, 2, 3, 4, 5, 6, 7, 8);
    expect(() => readVarint(new ByteReader(stream))).toThrow(ProtocolError);
  }
});

test('a varint ignores the value bits of a first byte that announces four', () => {
  expect(readVarint(new ByteReader(bytes('f7 01000000')))).toBe(1);
});

test('a varlong of more than nine bytes is refused', () => {
  const nine = bytes('fc 0102 030405060708');
  expect(() => readVarlong(new ByteReader(nine), 3)).toThrow(LimitError);
  const zero = bytes('ff 0000 000000000000');
  expect(readVarlong(new ByteReader(zero), 3)).toBe(0);
  expect(() => readVarlong(new ByteReader(bytes('fc 000000 000000000000')), 4)).toThrow(
    ProtocolError,
  );
});

describe('round trips', () => {
  const safe = fc.oneof(
    fc.maxSafeInteger(),
    fc.integer(),
    fc.nat(70000),
    fc.nat(52).map((bit) => 2 ** bit),
    fc.nat(52).map((bit) => 2 ** bit - 1),
  );

  test.each([
    ['varlong(3)', varlong3],
    ['varlong(4)', varlong4],
    ['longint', longint],
  ])('%s, any safe integer', (_name, codec) => {
    fc.assert(
      fc.property(safe, (value) => {
        const reader = new ByteReader(encode((w) => codec.write(w, value)));
        expect(codec.read(reader)).toBe(value);
        expect(reader.available).toBe(0);
      }),
    );
  });

  test('varint, any int32', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(readVarint(new ByteReader(encode((w) => writeVarint(w, value))))).toBe(value);
      }),
    );
  });

  test('opaque 64-bit keys', () => {
    const key = fc.oneof(safe, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
    fc.assert(
      fc.property(key, (value) => {
        const got = readLongKey(new ByteReader(encode((w) => writeLongKey(w, value))));
        expect(BigInt(got)).toBe(BigInt(value));
        expect(typeof got).toBe(Number.isSafeInteger(Number(value)) ? 'number' : 'bigint');
      }),
    );
  });

  test('varint30 and varlong30 follow the protocol', () => {
    expect(hex(encode((w) => writeVarint30(w, 300, 29)))).toBe('2c010000');
    expect(hex(encode((w) => writeVarint30(w, 300, 30)))).toBe('812c');
    expect(hex(encode((w) => writeVarlong30(w, 300, 29, 3)))).toBe('2c010000');
    expect(hex(encode((w) => writeVarlong30(w, 300, 30, 3)))).toBe('002c01');
    expect(readVarint30(new ByteReader(bytes('2c010000')), 29)).toBe(300);
    expect(readVarint30(new ByteReader(bytes('812c')), 30)).toBe(300);
    expect(readVarlong30(new ByteReader(bytes('2c010000')), 29, 3)).toBe(300);
    expect(readVarlong30(new ByteReader(bytes('002c01')), 30, 3)).toBe(300);
  });
});

describe('vstring', () => {
  test.each(golden.vstring_prefix ?? [])('length %s is %s', (length, prefix) => {
    const text = 'x'.repeat(Number(length));
    const encoded = encode((w) => writeVstring(w, text));
    expect(hex(encoded.subarray(0, prefix.length / 2))).toBe(prefix);
    expect(readVstring(new ByteReader(encoded), 32767, 'test')).toBe(text);
  });

  test('longer than the field allows', () => {
    const encoded = encode((w) => writeVstring(w, 'x'.repeat(256)));
    expect(() => readVstring(new ByteReader(encoded), 255, 'test')).toThrow(
      'test length is 256, above the limit of 255',
    );
    expect(() => encode((w) => writeVstring(w, 'x'.repeat(32768)))).toThrow(RangeError);
  });
});
