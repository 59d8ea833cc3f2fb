import { randomBytes } from '@deltawire/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type MatchedRun, WINDOW_BYTES, windowRanges } from '../src/index.ts';
import { WindowTail } from '../src/window.ts';

/** Every offset of the run as rsync inserts it, by its description: all of it, piece by piece. */
function inserted({ position, length, blockLength }: MatchedRun, protocol: number): Uint32Array {
  const offsets = new Uint32Array(length);
  let at = 0;
  for (let block = 0; block < length; block += blockLength) {
    const size = Math.min(blockLength, length - block);
    for (let done = 0; done < size; ) {
      const piece = Math.min(size - done, 65_535);
      const from = position + block + (protocol < 31 ? 0 : done);
      for (let i = 0; i < piece; i++) offsets[at++] = from + i;
      done += piece;
    }
  }
  return offsets;
}

const bytesOf = (offsets: Uint32Array): Buffer =>
  Buffer.from(offsets.buffer, offsets.byteOffset, offsets.byteLength);

test('the ranges are the last that was inserted', () => {
  const lengths = fc.oneof(
    fc.integer({ min: 1, max: 5000 }),
    fc.constantFrom(65_534, 65_535, 65_536, 98_302, 98_303, 98_304, 100_000, 131_070, 131_072),
    fc.integer({ min: 60_000, max: 250_000 }),
  );
  const runs = fc
    .record({
      position: fc.nat(1000),
      blockLength: lengths,
      count: fc.integer({ min: 1, max: 3 }),
      short: fc.nat(),
    })
    .map(({ position, blockLength, count, short }) => ({
      position,
      blockLength,
      length: blockLength * count - (short % blockLength),
    }));
  fc.assert(
    fc.property(runs, fc.constantFrom(29, 30, 31, 32), (run, protocol) => {
      const offsets = windowRanges(run, protocol).flatMap(({ position, length }) =>
        Array.from({ length }, (_, i) => position + i),
      );
      const expected = inserted(run, protocol).slice(-WINDOW_BYTES);
      expect(bytesOf(Uint32Array.from(offsets)).equals(bytesOf(expected))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('short blocks are one range', () => {
  expect(windowRanges({ position: 7, length: 700_000, blockLength: 700 }, 27)).toEqual([
    { position: 700_007 - WINDOW_BYTES, length: WINDOW_BYTES },
  ]);
  expect(windowRanges({ position: 7, length: 0, blockLength: 700 }, 27)).toEqual([]);
});

test('the tail is what was pushed last', () => {
  const data = Buffer.from(randomBytes(200_000, 1));
  fc.assert(
    fc.property(fc.array(fc.nat(40_000), { maxLength: 5 }), fc.nat(40_000), (lengths, asked) => {
      const tail = new WindowTail();
      let end = 0;
      for (const length of lengths) {
        tail.push(data.subarray(end, end + length));
        end += length;
      }
      const kept = Math.min(asked, WINDOW_BYTES, end);
      expect(data.subarray(end - kept, end).equals(tail.last(asked))).toBe(true);
    }),
    { numRuns: 60 },
  );
  const tail = new WindowTail();
  tail.push(Uint8Array.of(1, 2, 3));
  tail.clear();
  expect(tail.last()).toHaveLength(0);
});
