import { expect, test } from 'vitest';
import { BlockIndex } from '../src/block-index.ts';
import { checksumOf, signatureOf } from './deltas.ts';
import { joined, random } from './segments.ts';

test('chains equal sums with the highest block first, without the short last block', () => {
  const piece = random(1, 700);
  const signature = signatureOf(joined([piece, random(2, 700), piece, piece, random(3, 10)]));
  const { filter, filterMask, heads, next } = new BlockIndex(signature, checksumOf()).tables;
  const sum = signature.weak[0]!;
  expect((filter[(sum >>> 16) & filterMask]! >>> (sum & 31)) & 1).toBe(1);
  const chains = [...heads]
    .filter((block) => block >= 0)
    .map((block) => {
      const chain = [block];
      for (let i = next[block]!; i >= 0; i = next[i]!) chain.push(i);
      return chain;
    });
  expect(chains).toContainEqual([3, 2, 0]);
  expect(chains.flat().toSorted()).toEqual([0, 1, 2, 3]);
});

test('refuses a signature with missing sums', () => {
  const signature = signatureOf(random(1, 5000));
  const short = { ...signature, strong: signature.strong.subarray(1) };
  expect(() => new BlockIndex(short, checksumOf())).toThrow(RangeError);
});
