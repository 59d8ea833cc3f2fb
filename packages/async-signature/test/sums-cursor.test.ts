import { planBlocks } from '@deltawire/signature';
import { expect, test } from 'vitest';
import { SumsCursor } from '../src/sums-cursor.ts';

test('the sums of files lie one after the other, weak ones on whole words', () => {
  const layouts = [2100, 0, 700, 5_000_000].map((length) =>
    planBlocks(length, { protocol: 31, digestLength: 16 }),
  );
  const bytes = SumsCursor.bytesFor(layouts);
  const write = new SumsCursor(new ArrayBuffer(bytes));
  let end = 0;
  for (const layout of layouts) {
    const { weak, strong } = write.next(layout);
    expect(weak.length).toBe(layout.blockCount);
    expect(strong.length).toBe(layout.blockCount * layout.strongLength);
    expect(weak.byteOffset).toBeGreaterThanOrEqual(end);
    expect(strong.byteOffset).toBe(weak.byteOffset + weak.byteLength);
    end = strong.byteOffset + strong.length;
  }
  expect(bytes - end).toBeLessThan(4);
});
