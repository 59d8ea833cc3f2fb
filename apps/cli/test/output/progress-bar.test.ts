import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProgressBar } from '../../src/output/progress-bar.ts';

function makeBar(): { bar: ProgressBar; lines: string[]; clock: { now: number } } {
  const lines: string[] = [];
  const clock = { now: 0 };
  const sink = { write: (text: string) => lines.push(text), flush: async () => {} };
  const bar = new ProgressBar(sink, { now: () => clock.now, columns: () => 80 });
  return { bar, lines, clock };
}

const state = { bytes: 500, totalBytes: 1000, transferred: 1, toCheck: 5, total: 10 };

test('a short transfer shows nothing', () => {
  const { bar, lines } = makeBar();
  bar.update(state);
  bar.clear();
  expect(lines).toEqual([]);
});

test('one line, redrawn at most ten times a second, taken away at the end', () => {
  const { bar, lines, clock } = makeBar();
  clock.now = 1000;
  bar.update(state);
  clock.now = 1050;
  bar.update(state);
  expect(lines).toEqual(['\r\x1b[K 50% [============>           ] 5/10 files  500B  500B/s']);
  bar.clear();
  bar.clear();
  expect(lines.slice(1)).toEqual(['\r\x1b[K']);
});

test('the share never goes backwards, whatever arrives', () => {
  const states = fc.record({
    bytes: fc.nat(2000),
    totalBytes: fc.nat(1000),
    transferred: fc.nat(10),
    toCheck: fc.nat(10),
    total: fc.nat(20),
  });
  fc.assert(
    fc.property(fc.array(states), (updates) => {
      const { bar } = makeBar();
      let before = 0;
      for (const update of updates) {
        bar.update(update);
        expect(bar.share).toBeGreaterThanOrEqual(before);
        expect(bar.share).toBeLessThanOrEqual(1);
        before = bar.share;
      }
    }),
  );
});
