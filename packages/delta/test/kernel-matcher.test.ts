import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BlockIndex } from '../src/block-index.ts';
import { type DeltaOp, MAX_LITERAL } from '../src/delta-op.ts';
import { FileWindow } from '../src/file-window.ts';
import { planKernel } from '../src/kernel-layout.ts';
import { matchBlocksInKernel } from '../src/kernel-matcher.ts';
import { matchBlocks } from '../src/matcher.ts';
import { checksumOf, readerOf, rebuilt, signatureOf, type Token, tokensOf } from './deltas.ts';
import { edits } from './edits.ts';
import { naiveTokens } from './naive.ts';
import { bytesOf, joined, random } from './segments.ts';
import { vectors } from './vectors.ts';

/** `spare`: bytes the window has beyond what it must have. */
function search(
  bytes: Uint8Array,
  index: BlockIndex,
  inPlace: boolean,
  spare = 1,
): Generator<DeltaOp> {
  const { layout } = index.signature;
  const windowBytes = MAX_LITERAL + 2 * layout.blockLength + spare;
  const source = { read: readerOf(bytes), fileLength: bytes.length };
  return matchBlocksInKernel(source, index, inPlace, planKernel(layout, windowBytes), windowBytes);
}

function reference(bytes: Uint8Array, index: BlockIndex, inPlace: boolean): Token[] {
  const { blockLength } = index.signature.layout;
  const window = new FileWindow(new Uint8Array(MAX_LITERAL + 2 * blockLength + 1000), {
    read: readerOf(bytes),
    fileLength: bytes.length,
  });
  return tokensOf(matchBlocks({ window, fileLength: bytes.length, index, inPlace }));
}

test.each(vectors.cases)('chooses the tokens of rsync: $name', (vector) => {
  const index = new BlockIndex(signatureOf(bytesOf(vector.old)), checksumOf());
  for (const spare of [1, 100, 100_000]) {
    expect(tokensOf(search(bytesOf(vector.new), index, vector.inplace, spare))).toEqual(
      vector.tokens,
    );
  }
});

test.each([false, true])('chooses what the naive reading chooses, in place: %s', (inPlace) => {
  fc.assert(
    fc.property(edits(20), fc.boolean(), (edit, full) => {
      const signature = signatureOf(edit.old, { blockSize: edit.blockSize, full });
      if (signature.layout.blockCount === 0) return;
      const index = new BlockIndex(signature, checksumOf());
      expect(tokensOf(search(edit.new, index, inPlace))).toEqual(
        naiveTokens(edit.new, signature, inPlace),
      );
    }),
    { numRuns: 400 },
  );
});

test.each(['xxh128', 'xxh3', 'xxh64', 'md5', 'md4', 'sha1'] as const)(
  'does as the TypeScript form over longer files and small windows, with %s',
  (name) => {
    const property = fc.property(
      edits(8),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 40_000 }),
      fc.integer(),
      fc.constantFrom(0, 0, 7, -123456789),
      fc.boolean(),
      fc.boolean(),
      (edit, repeat, gap, gapSeed, seed, inPlace, full) => {
        const checksum = checksumOf(name, seed);
        const old = joined([...new Array(repeat).fill(edit.old), random(5, edit.blockSize)]);
        const bytes = joined([edit.new, random(gapSeed, gap), old, edit.new]);
        const signature = signatureOf(old, { blockSize: edit.blockSize, full, checksum });
        const index = new BlockIndex(signature, checksum);
        const expected = reference(bytes, index, inPlace);
        for (const spare of [1, 5000]) {
          expect(tokensOf(search(bytes, index, inPlace, spare))).toEqual(expected);
        }
        const result = rebuilt(old, search(bytes, index, inPlace, 77), signature, { inPlace });
        expect(Buffer.compare(result, bytes)).toBe(0);
      },
    );
    fc.assert(property, { numRuns: 25 });
  },
);

test('looks at 1024 candidates with the right weak sum at most, also in the middle of a row', () => {
  const checksum = checksumOf();
  const twin = [10, 20, 20, 10];
  const other = [11, 17, 23, 9]; // the same weak sum
  const decoys = (count: number): number[] => Array.from({ length: count }, () => other).flat();
  for (const count of [1022, 1023, 1024, 1025]) {
    const old = Uint8Array.from([...twin, ...twin, ...twin, ...decoys(count)]);
    const signature = signatureOf(old, { blockSize: 4, full: true });
    const index = new BlockIndex(signature, checksum);
    const bytes = Uint8Array.from([...twin, ...twin, ...twin, ...twin, ...other, ...twin]);
    expect(tokensOf(search(bytes, index, false))).toEqual(naiveTokens(bytes, signature, false));
    expect(tokensOf(search(bytes, index, true))).toEqual(naiveTokens(bytes, signature, true));
  }
});

test('reports more matches than one call of the kernel holds', () => {
  const piece = (i: number): Uint8Array => Uint8Array.of(i, i >> 8, 99);
  const count = 5000;
  const old = joined(Array.from({ length: count }, (_, i) => piece(i)));
  const bytes = joined(Array.from({ length: count }, (_, i) => piece(count - 1 - i)));
  const signature = signatureOf(old, { blockSize: 3, full: true });
  const index = new BlockIndex(signature, checksumOf());
  expect(tokensOf(search(bytes, index, false))).toEqual(reference(bytes, index, false));
});
