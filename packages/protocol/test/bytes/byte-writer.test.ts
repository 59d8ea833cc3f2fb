import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader, ByteWriter } from '../../src/index.ts';
import { concat, hex } from '../vectors.ts';

test('writes little-endian integers, strings and zeros', () => {
  const writer = new ByteWriter();
  writer.u8(0x101);
  writer.u16(0xa000);
  writer.u32(0x80000000);
  writer.i32(-2);
  writer.string('A\u00ff');
  writer.string('shared-rest', 7);
  writer.zeros(2);
  writer.bytes(Uint8Array.of(9));
  expect(writer.length).toBe(20);
  expect(hex(writer.take())).toBe('0100a000000080feffffff41ff72657374000009');
});

test('take() detaches: later writes leave the taken bytes alone', () => {
  const writer = new ByteWriter(4);
  writer.u16(0x0201);
  const first = writer.take();
  expect(writer.length).toBe(0);
  writer.u16(0x0403);
  writer.u32(5);
  const second = writer.take();
  expect(hex(first)).toBe('0102');
  expect(hex(second)).toBe('030405000000');
  expect(hex(writer.take())).toBe('');
});

test('clear() forgets only what was not taken', () => {
  const writer = new ByteWriter();
  writer.u8(1);
  const first = writer.take();
  writer.u8(2);
  writer.clear();
  writer.u8(3);
  expect(hex(first)).toBe('01');
  expect(hex(writer.take())).toBe('03');
});

test('zeros() clears a reused buffer', () => {
  const writer = new ByteWriter();
  writer.i32(-1);
  writer.clear();
  writer.zeros(4);
  expect(hex(writer.take())).toBe('00000000');
});

test('what is written in pieces of any size is what is taken', () => {
  const piece = fc.uint8Array({ maxLength: 700 });
  fc.assert(
    fc.property(fc.array(fc.tuple(piece, fc.boolean())), (pieces) => {
      const writer = new ByteWriter(1);
      const taken: Uint8Array[] = [];
      for (const [bytes, take] of pieces) {
        if (bytes.length === 1) writer.u8(bytes[0]!);
        else writer.bytes(bytes);
        if (take) taken.push(writer.take());
      }
      taken.push(writer.take());
      expect(hex(concat(taken))).toBe(hex(concat(pieces.map(([bytes]) => bytes))));
    }),
  );
});

test('integers survive a round trip', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(0xffff), fc.nat(0xffffffff), (i, s, u) => {
      const writer = new ByteWriter();
      writer.i32(i);
      writer.u16(s);
      writer.u32(u);
      const reader = new ByteReader(writer.take());
      expect([reader.i32(), reader.u16(), reader.u32()]).toEqual([i, s, u]);
    }),
  );
});
