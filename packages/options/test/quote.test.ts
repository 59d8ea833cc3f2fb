import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoteOptionValue, quotePath, unquoteArgument } from '../src/index.ts';

/** Bytes that can stand in an argument, as a byte string. */
const byteString = fc
  .array(fc.integer({ min: 1, max: 255 }), { maxLength: 40 })
  .map((bytes) => String.fromCharCode(...bytes));

test('a daemon gets back what was quoted', () => {
  fc.assert(
    fc.property(byteString, (text) => {
      expect(unquoteArgument(quoteOptionValue(text))).toBe(text);
    }),
  );
});

test('a shell gets back what was quoted', () => {
  // A newline behind a backslash vanishes in a shell; rsync does the same.
  const printable = fc.string({
    unit: fc.integer({ min: 32, max: 126 }).map((c) => String.fromCharCode(c)),
  });
  fc.assert(
    fc.property(fc.array(printable, { minLength: 1, maxLength: 30 }), (texts) => {
      const script = `printf '%s\\n' ${texts.map((text) => `x${quoteOptionValue(text)}`).join(' ')}`;
      const output = execFileSync('sh', ['-c', script], { encoding: 'latin1' });
      expect(output).toBe(texts.map((text) => `x${text}\n`).join(''));
    }),
    { numRuns: 20 },
  );
});

test.for([
  ['a b', String.raw`a\ b`],
  ['c*d', 'c*d'],
  [String.raw`f\*g`, String.raw`f\*g`],
  [String.raw`h\i`, String.raw`h\\i`],
  ['end\\', 'end\\\\'],
  ['~d', '~d'],
  ['t{u,v}', String.raw`t\{u,v\}`],
  ['\xc3\xff', '\xc3\xff'],
] as const)('quotePath(%j)', ([path, quoted]) => {
  expect(quotePath(path, 'keep')).toBe(quoted);
});

test('quotePath() escapes a leading tilde only when asked to', () => {
  expect(quotePath('~x', 'escape')).toBe('\\~x');
  expect(quotePath('a~', 'escape')).toBe('a~');
});
