import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandArguments } from '../src/command-arguments.ts';

const run = (command: readonly string[]): string => {
  const { file, args } = commandArguments(command);
  return execFileSync(file, args).toString('latin1');
};

test('valid UTF-8 is passed as it is', () => {
  expect(commandArguments(['printf', '%s', '\xc3\xa4'])).toEqual({
    file: 'printf',
    args: ['%s', 'ä'],
  });
});

test('other bytes arrive unchanged through a shell', () => {
  expect(run(['printf', '%s|', 'a\xff', '', "it's $HOME\n"])).toBe("a\xff||it's $HOME\n|");
});

test('every byte string arrives unchanged', () => {
  const bytes = fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(bytes, (codes) => {
      const text = String.fromCharCode(0xff, ...codes);
      expect(run(['printf', '%s', text])).toBe(text);
    }),
    { numRuns: 10 },
  );
});
