import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BlockIndex } from '../src/block-index.ts';
import type { DeltaOp } from '../src/delta-op.ts';
import { FileWindow } from '../src/file-window.ts';
import { matchBlocks } from '../src/matcher.ts';
import { checksumOf, readerOf, signatureOf, type Token, tokensOf } from './deltas.ts';
import { edits } from './edits.ts';
import { naiveTokens } from './naive.ts';
import { bytesOf, joined, random } from './segments.ts';
import { vectors } from './vectors.ts';

function search(
  bytes: Uint8Array,
  index: BlockIndex,
  inPlace: boolean,
  spare = 1,
): Generator<DeltaOp> {
  const capacity = 32768 + 2 * index.signature.layout.blockLength + spare;
  const window = new FileWindow(new Uint8Array(capacity), {
    read: readerOf(bytes),
    fileLength: bytes.length,
  });
  return matchBlocks({ window, fileLength: bytes.length, index, inPlace });
}

test.each(vectors.cases)('chooses the tokens of rsync: $name', (vector) => {
  const signature = signatureOf(bytesOf(vector.old));
  const { blockCount, blockLength, strongLength, remainderLength } = signature.layout;
  expect([blockCount, blockLength, strongLength, remainderLength]).toEqual(vector.head);
  const index = new BlockIndex(signature, checksumOf());
  for (const spare of [1, 100, 100_000]) {
    expect(tokensOf(search(bytesOf(vector.new), index, vector.inplace, spare))).toEqual(
      vector.tokens,
    );
  }
});

test.each([false, true])(
  'chooses what the naive reading of the rules chooses, in place: %s',
  (inPlace) => {
    fc.assert(
      fc.property(edits(), fc.boolean(), (edit, full) => {
        const signature = signatureOf(edit.old, { blockSize: edit.blockSize, full });
        if (signature.layout.blockCount === 0) return;
        const index = new BlockIndex(signature, checksumOf());
        expect(tokensOf(search(edit.new, index, inPlace))).toEqual(
          naiveTokens(edit.new, signature, inPlace),
        );
      }),
      { numRuns: 300 },
    );
  },
);

test('looks at 1024 candidates with the right weak sum at most', () => {
  // Blocks [x, y, x', y'] with equal weak sums and different contents: swap order of equal weights.
  const blockSize = 4;
  const twin = (a: number, b: number): number[] => [a, b, b, a];
  const other = (a: number, b: number): number[] => [a + 1, b - 3, b + 3, a - 1];
  const found = twin(10, 20);
  const decoys = Array.from({ length: 1024 }, () => other(10, 20)).flat();
  const check = (old: number[]): Token[] => {
    const signature = signatureOf(Uint8Array.from(old), { blockSize, full: true });
    expect(new Set(signature.weak).size).toBe(1);
    return tokensOf(search(Uint8Array.from(found), new BlockIndex(signature, checksumOf()), false));
  };
  expect(check([...other(10, 20), ...found, ...decoys.slice(4)])).toEqual([['match', 1]]);
  expect(check([...other(10, 20), ...found, ...decoys])).toEqual([['lit', 4]]);
});

test('in place, takes the block behind zeros that end too soon, as rsync 3.5.0 was seen to', () => {
  const zeros = new Uint8Array(3500);
  const old = joined([zeros, random(1, 700)]);
  const bytes = joined([random(9, 10), zeros.subarray(0, 1000), random(8, 3000), random(1, 700)]);
  const index = new BlockIndex(signatureOf(old), checksumOf());
  expect(tokensOf(search(bytes, index, true))).toEqual([
    ['lit', 10],
    ['match', 1],
    ['lit', 4000],
  ]);
  expect(tokensOf(search(bytes, index, false))).toEqual([
    ['lit', 10],
    ['match', 0],
    ['lit', 3300],
    ['match', 5],
  ]);
});
