import { expect, test } from 'vitest';
import { RecordBuffer } from '../src/record-buffer.ts';

/** Lengths of the records that pieces become; their bytes must come out in order. */
function lengths(pieces: readonly number[], dropped: number): number[] {
  const buffer = new RecordBuffer();
  const records: Uint8Array[] = [];
  const emit = (bytes: Uint8Array): void => void records.push(bytes.slice());
  const total = pieces.reduce((sum, length) => sum + length, 0);
  const bytes = Uint8Array.from({ length: total }, (_, i) => i * 7 + (i >> 8));
  let at = 0;
  for (const length of pieces) {
    buffer.push(bytes.subarray(at, at + length), emit);
    at += length;
  }
  buffer.finish(dropped, emit);
  expect(Buffer.concat(records)).toEqual(Buffer.from(bytes.subarray(0, total - dropped)));
  return records.map((record) => record.length);
}

test('records are full but for the last', () => {
  expect(lengths([10], 0)).toEqual([10]);
  expect(lengths([16_383], 0)).toEqual([16_383]);
  expect(lengths([16_384], 0)).toEqual([16_383, 1]);
  expect(lengths([10_000, 10_000, 50_000], 0)).toEqual([16_383, 16_383, 16_383, 16_383, 4468]);
});

test('the end of a flush is dropped, wherever records are cut', () => {
  expect(lengths([10], 4)).toEqual([6]);
  expect(lengths([4], 4)).toEqual([]);
  expect(lengths([16_387], 4)).toEqual([16_383]);
  expect(lengths([16_388], 4)).toEqual([16_383, 1]);
  expect(lengths([16_385, 5], 4)).toEqual([16_383, 3]);
});

test('it starts over after a span', () => {
  const buffer = new RecordBuffer();
  const seen: number[] = [];
  const emit = (bytes: Uint8Array): void => void seen.push(bytes.length);
  buffer.push(new Uint8Array(20), emit);
  buffer.clear();
  buffer.finish(0, emit);
  buffer.push(new Uint8Array(3), emit);
  buffer.finish(0, emit);
  expect(seen).toEqual([3]);
});
