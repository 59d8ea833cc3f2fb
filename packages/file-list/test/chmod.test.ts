import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { applyChmod, parseChmod } from '../src/chmod.ts';

interface ChmodVector {
  umask: string;
  chmod: string;
  error?: boolean;
  cases: [string, string, string][];
}

const { vectors } = JSON.parse(
  readFileSync(new URL('../../testkit/vectors/chmod.json', import.meta.url), 'utf8'),
) as { vectors: ChmodVector[] };

test('does what rsync does for every recorded option', () => {
  for (const { chmod, umask, error, cases } of vectors) {
    if (error) {
      expect(() => parseChmod(chmod), chmod).toThrow(`Invalid argument passed to --chmod`);
      continue;
    }
    const rules = parseChmod(chmod);
    for (const [type, before, after] of cases) {
      const mode = Number.parseInt(before, 8);
      const result = applyChmod(rules, mode, type === 'd', Number.parseInt(umask, 8));
      expect(result.toString(8).padStart(4, '0'), `${chmod} ${umask} ${type} ${before}`).toBe(
        after,
      );
    }
  }
});

test('type bits stay', () => {
  expect(applyChmod(parseChmod('D2755,F600'), 0o040700, true, 0o022)).toBe(0o042755);
  expect(applyChmod(parseChmod('D2755,F600'), 0o100777, false, 0o022)).toBe(0o100600);
});

test('X overrides x', () => {
  expect(applyChmod(parseChmod('u=Xx'), 0o644, false, 0o022)).toBe(0o044);
});
