import fc from 'fast-check';
import { joined, random } from './segments.ts';

/** An old file and what became of it. */
export interface Edit {
  readonly old: Uint8Array;
  readonly new: Uint8Array;
  readonly blockSize: number;
}

/**
 * Files of few distinct pieces, so that blocks repeat, and new files made of pieces, zeros and
 * fresh bytes, so that blocks are found at all kinds of offsets.
 */
export function edits(maxPieces = 12): fc.Arbitrary<Edit> {
  const piece = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ seed: fc.integer({ min: 1, max: 4 }), cut: fc.constant(0) }),
    },
    { weight: 1, arbitrary: fc.record({ seed: fc.constant(0), cut: fc.constant(0) }) },
    {
      weight: 1,
      arbitrary: fc.record({ seed: fc.integer({ min: 1, max: 900 }), cut: fc.nat(40) }),
    },
  );
  const pieces = fc.array(piece, { maxLength: maxPieces });
  return fc
    .record({
      old: pieces,
      new: pieces,
      blockSize: fc.integer({ min: 1, max: 48 }),
      keep: fc.boolean(),
    })
    .map(({ old, new: edited, blockSize, keep }) => {
      const bytesOf = (list: typeof old): Uint8Array =>
        joined(
          list.map(({ seed, cut }) => {
            const length = cut === 0 ? blockSize : cut;
            return seed === 0 ? new Uint8Array(length) : random(seed, length);
          }),
        );
      const before = bytesOf(old);
      return {
        old: before,
        new: joined(keep ? [before, bytesOf(edited)] : [bytesOf(edited)]),
        blockSize,
      };
    });
}
