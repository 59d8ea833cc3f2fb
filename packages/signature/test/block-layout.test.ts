import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BlockLayout, blockRange, planBlocks } from '../src/block-layout.ts';

/** blockLength, strongLength, blockCount, remainderLength. */
type Row = readonly [number, number, number, number];

const vectors = JSON.parse(
  readFileSync(new URL('../../testkit/vectors/block-sizes.json', import.meta.url), 'utf8'),
) as {
  readonly rows: readonly (readonly [number, Row, Row, boolean])[];
  readonly block_size: readonly (readonly [number, number, Row])[];
};

function row(layout: BlockLayout): Row {
  return [layout.blockLength, layout.strongLength, layout.blockCount, layout.remainderLength];
}

test('layouts equal those read from real sum heads', () => {
  for (const [fileLength, old, modern] of vectors.rows) {
    const plan = (protocol: number): Row =>
      row(planBlocks(fileLength, { protocol, digestLength: 16 }));
    expect(plan(29), `${fileLength} bytes, protocol 29`).toEqual(old);
    expect(plan(31), `${fileLength} bytes, protocol 31`).toEqual(modern);
  }
});

test('layouts with --block-size', () => {
  for (const [blockSize, fileLength, expected] of vectors.block_size) {
    const layout = planBlocks(fileLength, { protocol: 32, digestLength: 16, blockSize });
    expect(row(layout), `${fileLength} bytes in blocks of ${blockSize}`).toEqual(expected);
  }
});

test('an empty file has no blocks', () => {
  expect(planBlocks(0, { protocol: 31, digestLength: 16 })).toEqual({
    fileLength: 0,
    blockLength: 700,
    blockCount: 0,
    remainderLength: 0,
    strongLength: 2,
  });
});

test('the redo pass uses as much of the digest as the wire carries', () => {
  const full = (digestLength: number): number =>
    planBlocks(5000, { protocol: 31, digestLength, full: true }).strongLength;
  expect([full(8), full(16), full(20)]).toEqual([8, 16, 16]);
});

test('a strong sum is never longer than the digest', () => {
  const { strongLength } = planBlocks(2 ** 45, { protocol: 31, digestLength: 4, blockSize: 1 });
  expect(strongLength).toBe(4);
});

test('lengths must be lengths', () => {
  const options = { protocol: 31, digestLength: 16 };
  for (const length of [-1, 1.5, 2 ** 53, Number.NaN]) {
    expect(() => planBlocks(length, options)).toThrow(RangeError);
  }
});

test('the blocks of any layout cover the file exactly', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.nat(5000), fc.integer({ min: 0, max: 3_000_000 })),
      fc.constantFrom(27, 29, 30, 32),
      fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 131072 })),
      (fileLength, protocol, blockSize) => {
        const layout = planBlocks(fileLength, { protocol, digestLength: 16, blockSize });
        expect(layout.blockCount === 0).toBe(fileLength === 0);
        if (fileLength === 0) return;
        const last = blockRange(layout, layout.blockCount - 1);
        expect(last.offset + last.length).toBe(fileLength);
        expect(last.length).toBeGreaterThan(0);
        expect(blockRange(layout, 0).offset).toBe(0);
        if (layout.blockCount > 1) expect(blockRange(layout, 0).length).toBe(layout.blockLength);
      },
    ),
  );
});

test('the chosen block length is a multiple of 8 whose square fits the file', () => {
  fc.assert(
    fc.property(fc.integer({ min: 490_001, max: 2 ** 34 - 1 }), (fileLength) => {
      const { blockLength } = planBlocks(fileLength, { protocol: 31, digestLength: 16 });
      if (blockLength === 700) {
        expect(704 ** 2).toBeGreaterThan(fileLength);
        return;
      }
      expect(blockLength % 8).toBe(0);
      expect(blockLength ** 2).toBeLessThanOrEqual(fileLength);
      expect((blockLength + 8) ** 2).toBeGreaterThan(fileLength);
    }),
  );
});

test('blockRange() refuses blocks that do not exist', () => {
  const layout = planBlocks(1000, { protocol: 31, digestLength: 16 });
  expect(blockRange(layout, 1)).toEqual({ offset: 700, length: 300 });
  for (const index of [-1, 2, 0.5]) expect(() => blockRange(layout, index)).toThrow(RangeError);
});
