import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ByteReader,
  ByteWriter,
  createBlockSums,
  createDialect,
  DecodeBuffer,
  readBlockSums,
  readSumHead,
  writeBlockSums,
  writeSumHead,
} from '../../src/index.ts';
import { everySplit, inChunks } from '../splits.ts';
import { bytes, hex } from '../vectors.ts';

const dialect = createDialect(32, 0x1ff);

test('a captured head', () => {
  const captured = '0b000000bc020000020000004d010000';
  const head = { blockCount: 11, blockLength: 700, strongLength: 2, remainderLength: 333 };
  expect(readSumHead(new ByteReader(bytes(captured)), dialect, 16)).toEqual(head);
  const writer = new ByteWriter();
  writeSumHead(writer, head);
  expect(hex(writer.take())).toBe(captured);
});

test('no basis', () => {
  const head = readSumHead(new ByteReader(new Uint8Array(16)), dialect, 16);
  expect(head).toEqual({ blockCount: 0, blockLength: 0, strongLength: 0, remainderLength: 0 });
  const sums = createBlockSums(head);
  expect(readBlockSums(new ByteReader(), sums)).toBe(true);
});

test('sums arrive in every way they can be cut', () => {
  const weak = Uint32Array.of(0x04030201, 0xfffffffe);
  const strong = bytes('aabb ccdd');
  const writer = new ByteWriter();
  writeBlockSums(writer, weak, strong, 2, 0, 2);
  const encoded = writer.take();
  expect(hex(encoded)).toBe('01020304aabbfeffffffccdd');
  for (const chunks of everySplit(encoded, 12)) {
    const head = { blockCount: 2, blockLength: 700, strongLength: 2, remainderLength: 0 };
    const sums = createBlockSums(head);
    const buffer = new DecodeBuffer();
    let complete: boolean | undefined = false;
    for (const chunk of chunks) {
      buffer.push(chunk);
      do complete = buffer.attempt((r) => readBlockSums(r, sums));
      while (complete === false);
    }
    expect(complete).toBe(true);
    expect(sums.weak).toEqual(weak);
    expect(sums.strong).toEqual(strong);
  }
});

test('many sums survive; the arrays end up with the announced length', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ min: 0, max: 16 }),
      fc.integer({ min: 1000, max: 70_000 }),
      (blockCount, strongLength, size) => {
        const weak = Uint32Array.from({ length: blockCount }, (_, i) => i * 0x9e3779b1);
        const strong = Uint8Array.from({ length: blockCount * strongLength }, (_, i) => i * 7);
        const writer = new ByteWriter();
        const half = blockCount >> 1;
        writeBlockSums(writer, weak, strong, strongLength, 0, half);
        writeBlockSums(writer, weak, strong, strongLength, half, blockCount);
        const head = { blockCount, blockLength: 700, strongLength, remainderLength: 0 };
        const sums = createBlockSums(head);
        const buffer = new DecodeBuffer();
        for (const chunk of inChunks(writer.take(), size)) {
          buffer.push(chunk);
          while (buffer.attempt((r) => readBlockSums(r, sums)) === false);
        }
        expect(buffer.pending).toBe(0);
        expect(sums.received).toBe(blockCount);
        expect(Buffer.from(sums.weak.buffer).equals(Buffer.from(weak.buffer))).toBe(true);
        expect(Buffer.from(sums.strong).equals(strong)).toBe(true);
      },
    ),
    { numRuns: 20 },
  );
});
