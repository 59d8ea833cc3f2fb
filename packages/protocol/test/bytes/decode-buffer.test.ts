import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ByteReader, DecodeBuffer, readVarint } from '../../src/index.ts';
import { everySplit, inChunks } from '../splits.ts';
import { bytes, hex } from '../vectors.ts';

const readPair = (r: ByteReader): [number, string] => [r.u16(), r.string(r.u8())];

test('a value that is cut short is tried again when more has arrived', () => {
  const buffer = new DecodeBuffer();
  buffer.push(bytes('0100'));
  expect(buffer.attempt(readPair)).toBeUndefined();
  expect(buffer.pending).toBe(2);
  buffer.push(bytes('02 41'));
  expect(buffer.attempt(readPair)).toBeUndefined();
  buffer.push(bytes('42 07'));
  expect(buffer.attempt(readPair)).toEqual([1, 'AB']);
  expect(buffer.pending).toBe(1);
});

test('every way to cut a stream of values gives the same values', () => {
  const stream = bytes('0100 01 61 0200 00 0300 02 6263');
  for (const chunks of everySplit(stream, 11)) {
    const buffer = new DecodeBuffer();
    const values: unknown[] = [];
    for (const chunk of chunks) {
      buffer.push(chunk);
      for (let value = buffer.attempt(readPair); value; value = buffer.attempt(readPair)) {
        values.push(value);
      }
    }
    expect(values).toEqual([
      [1, 'a'],
      [2, ''],
      [3, 'bc'],
    ]);
    expect(buffer.pending).toBe(0);
  }
});

test('a different read function may be tried at the same place', () => {
  const buffer = new DecodeBuffer();
  buffer.push(bytes('05'));
  expect(buffer.attempt((r) => r.u32())).toBeUndefined();
  expect(buffer.attempt((r) => r.u8())).toBe(5);
});

test('errors other than a short read come through', () => {
  const buffer = new DecodeBuffer();
  buffer.push(bytes('ff'));
  expect(() => buffer.attempt(readVarint)).toThrow('varint of more than 32 bits');
});

test('takeAvailable() hands out what is there, at most max', () => {
  const buffer = new DecodeBuffer();
  expect(buffer.takeAvailable(5)).toHaveLength(0);
  buffer.push(bytes('010203'));
  expect(hex(buffer.takeAvailable(2))).toBe('0102');
  buffer.push(bytes('0405'));
  expect(hex(buffer.takeAvailable(99))).toBe('030405');
  expect(buffer.pending).toBe(0);
});

test('a chunk is used in place when nothing is pending', () => {
  const buffer = new DecodeBuffer();
  const chunk = bytes('010203');
  buffer.push(chunk);
  expect(buffer.takeAvailable(3).buffer).toBe(chunk.buffer);
});

test('pushed chunks are never written to', () => {
  const buffer = new DecodeBuffer();
  const chunks = [bytes('0a'), bytes('0b0c'), bytes('0d')];
  for (const chunk of chunks) {
    buffer.push(chunk);
    buffer.attempt((r) => r.bytes(100));
  }
  expect(chunks.map(hex)).toEqual(['0a', '0b0c', '0d']);
});

test('a megabyte in single bytes takes linear time', () => {
  const buffer = new DecodeBuffer();
  const length = 1 << 20;
  let reads = 0;
  const read = (r: ByteReader): Uint8Array => {
    reads++;
    return r.bytes(length);
  };
  const byte = new Uint8Array(1);
  const start = performance.now();
  for (let i = 0; i < length - 1; i++) {
    buffer.push(byte);
    if (buffer.attempt(read) !== undefined) throw new Error('too early');
  }
  buffer.push(byte);
  expect(buffer.attempt(read)).toHaveLength(length);
  expect(reads).toBe(2);
  expect(performance.now() - start).toBeLessThan(2000); // quadratic copying takes minutes
});

test('mixing attempts and takes never loses or repeats a byte', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (data, size, wants) => {
        const buffer = new DecodeBuffer();
        let seen = '';
        let turn = 0;
        for (const chunk of inChunks(data, size)) {
          buffer.push(chunk);
          for (;;) {
            const want = wants[turn % wants.length]!;
            const got =
              turn % 3 === 0 ? buffer.takeAvailable(want) : buffer.attempt((r) => r.bytes(want));
            if (got === undefined) break;
            turn++;
            seen += hex(got);
            if (buffer.pending === 0) break;
          }
        }
        seen += hex(buffer.takeAvailable(1000));
        expect(seen).toBe(hex(data));
      },
    ),
  );
});
