import { planBlocks } from '@deltawire/signature';
import { expect, test } from 'vitest';
import { planKernel } from '../src/kernel-layout.ts';

test.each([1, 1000, 1e6, 1e9, 2 ** 40])(
  'lays out tables one behind the other: %d bytes',
  (length) => {
    const layout = planBlocks(length, { protocol: 31, digestLength: 16 });
    const plan = planKernel(layout, 1000);
    const starts = [
      plan.filter,
      plan.heads,
      plan.sums,
      plan.next,
      plan.ranks,
      plan.strongs,
      plan.flags,
      plan.ops,
      plan.window,
      plan.byteLength,
    ];
    expect(starts.toSorted((a, b) => a - b)).toEqual(starts);
    expect(starts.filter((start) => start % 64 !== 0)).toEqual([]);
    expect(2 ** plan.bucketBits).toBeGreaterThanOrEqual(2 * layout.blockCount - 2);
    expect(plan.byteLength).toBeLessThan(45 * layout.blockCount + 300_000);
  },
);
