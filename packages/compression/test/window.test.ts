import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type MatchedRun, WINDOW_BYTES, windowRanges } from '../src/index.ts';
import { WindowTail } from '../src/window.ts';

/** Every offset of the run as rsync inserts it, by its description: all of it, piece by piece. */
function inserted({ position, length, blockLength }: MatchedRun, protocol: number): number[] {
  const offsets: number[] = [];
  for (let block = 0; block < length; block += blockLength) {
    const size = Math.min(blockLength, length - block);
    for (let done = 0; done < size; ) {
      const piece = Math.min(size - done, 65_535);
      const from = protocol < 31 ? 0 : done;
      for (let i = 0; i < piece; i++) offsets.push(position + block + from + i);
      done += piece;
    }
  }
  return offsets;
}

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
      const ranges = windowRanges(run, protocol);
      const offsets = ranges.flatMap(({ position, length }) =>
        Array.from({ length }, (_, i) => position + i),
      );
      expect(offsets).toEqual(inserted(run, protocol).slice(-WINDOW_BYTES));
    }),
    { numRuns: 40 },
  );
});

test('short blocks are one range', () => {
  expect(windowRanges({ position: 7, length: 700_000, blockLength: 700 }, 27)).toEqual([
    { position: 700_007 - WINDOW_BYTES, length: WINDOW_BYTES },
  ]);
  expect(windowRanges({ position: 7, length: 0, blockLength: 700 }, 27)).toEqual([]);
});

test('the tail is what was pushed last', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40_000), { maxLength: 12 }), fc.nat(40_000), (lengths, asked) => {
      const tail = new WindowTail();
      const all: number[] = [];
      for (const [index, length] of lengths.entries()) {
        const bytes = Uint8Array.from({ length }, (_, i) => i * 31 + index);
        tail.push(bytes);
        all.push(...bytes);
      }
      const kept = Math.min(asked, WINDOW_BYTES, all.length);
      expect([...tail.last(asked)]).toEqual(all.slice(all.length - kept));
    }),
    { numRuns: 30 },
  );
  const tail = new WindowTail();
  tail.push(Uint8Array.of(1, 2, 3));
  tail.clear();
  expect(tail.last()).toHaveLength(0);
});
