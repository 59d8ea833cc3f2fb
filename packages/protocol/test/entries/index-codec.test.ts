import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ByteReader,
  ByteWriter,
  createDialect,
  DecodeBuffer,
  NdxReader,
  NdxWriter,
} from '../../src/index.ts';
import { everySplit } from '../splits.ts';
import { bytes, hex, loadVectors } from '../vectors.ts';

type Sequence = [number, string][];
const dialect = createDialect(32, 0x1ff);

const spec = loadVectors<{ sequences: { source: string; seq: Sequence }[] }>('vectors/ndx.json');
const golden = loadVectors<{ ndx: Sequence[] }>('golden/vectors.json');
const sequences = [...spec.sequences.map(({ seq }) => seq), ...golden.ndx];

describe.each(sequences.map((sequence, i) => ({ i, sequence })))('sequence $i', ({ sequence }) => {
  test('is written and read', () => {
    const writer = new ByteWriter();
    const write = new NdxWriter(dialect);
    const read = new NdxReader(dialect);
    for (const [ndx, encoded] of sequence) {
      write.write(writer, ndx);
      expect(hex(writer.take()), String(ndx)).toBe(encoded);
      const reader = new ByteReader(bytes(encoded));
      expect(read.read(reader)).toBe(ndx);
      expect(reader.available).toBe(0);
    }
  });

  test('is read in pieces', () => {
    const stream = bytes(sequence.map(([, encoded]) => encoded).join(''));
    for (const chunks of everySplit(stream, 8)) {
      const read = new NdxReader(dialect);
      const buffer = new DecodeBuffer();
      const got: number[] = [];
      for (const chunk of chunks) {
        buffer.push(chunk);
        for (;;) {
          const ndx = buffer.attempt((reader) => read.read(reader));
          if (ndx === undefined) break;
          got.push(ndx);
        }
      }
      expect(got).toEqual(sequence.map(([ndx]) => ndx));
    }
  });
});

test('below protocol 30 an index is an int32', () => {
  const old = createDialect(29, 0);
  const writer = new ByteWriter();
  new NdxWriter(old).write(writer, -101);
  const encoded = writer.take();
  expect(hex(encoded)).toBe('9bffffff');
  expect(new NdxReader(old).read(new ByteReader(encoded))).toBe(-101);
});

test('any sequence survives', () => {
  const ndx = fc.oneof(fc.nat(300), fc.nat(0x7fffffff), fc.integer({ min: -0x7fffffff, max: -1 }));
  fc.assert(
    fc.property(fc.array(ndx), (sequence) => {
      const writer = new ByteWriter();
      const write = new NdxWriter(dialect);
      for (const value of sequence) write.write(writer, value);
      const reader = new ByteReader(writer.take());
      const read = new NdxReader(dialect);
      expect(sequence.map(() => read.read(reader))).toEqual(sequence);
      expect(reader.available).toBe(0);
    }),
  );
});
