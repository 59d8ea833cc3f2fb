import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RollingSum, WeakSum, weakSum } from '../src/rolling-sum.ts';
import { fromHex, naiveWeakSum, noise, rollingBytes, rollingVectors } from './vectors.ts';

test.each(rollingVectors.cases)('weakSum() of $desc', ({ desc, data, sum }) => {
  expect(weakSum(rollingBytes(desc, data))).toBe(sum);
});

test('weakSum() equals its definition at every short length and around the stage size', () => {
  for (let length = 0; length < 300; length++) {
    expect(weakSum(noise(length))).toBe(naiveWeakSum(noise(length)));
  }
  for (const length of [65535, 65536, 65537, 200_001]) {
    expect(weakSum(noise(length))).toBe(naiveWeakSum(noise(length)));
  }
});

test('weakSum() of extreme bytes does not overflow', () => {
  for (const byte of [0x80, 0x7f, 0xff]) {
    const bytes = new Uint8Array(131072).fill(byte);
    expect(weakSum(bytes)).toBe(naiveWeakSum(bytes));
  }
});

test('WeakSum gives the same value however the block is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 8 }), (pieces) => {
      const sum = new WeakSum();
      for (const piece of pieces) sum.update(piece);
      expect(sum.value).toBe(naiveWeakSum(Uint8Array.from(pieces.flatMap((p) => [...p]))));
      sum.reset();
      expect(sum.value).toBe(0);
    }),
  );
});

test('RollingSum slides as captured', () => {
  const { data, window, sums } = rollingVectors.sliding;
  const bytes = fromHex(data);
  const rolling = new RollingSum();
  rolling.reset(bytes.subarray(0, window));
  const seen = [rolling.value];
  for (let i = window; i < bytes.length; i++) {
    rolling.roll(bytes[i - window]!, bytes[i]!);
    seen.push(rolling.value);
  }
  expect(seen.slice(0, sums.length)).toEqual(sums);
});

test('RollingSum equals weakSum() of its window while it rolls and shrinks', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.integer({ min: 1, max: 300 }),
      (bytes, wanted) => {
        const window = Math.min(wanted, bytes.length);
        const rolling = new RollingSum();
        rolling.reset(bytes.subarray(0, window));
        let start = 0;
        for (; start + window < bytes.length; start++) {
          rolling.roll(bytes[start]!, bytes[start + window]!);
          expect(rolling.value).toBe(naiveWeakSum(bytes.subarray(start + 1, start + 1 + window)));
        }
        for (; start < bytes.length; start++) {
          rolling.shrink(bytes[start]!);
          expect(rolling.value).toBe(naiveWeakSum(bytes.subarray(start + 1)));
        }
      },
    ),
    { numRuns: 50 },
  );
});
