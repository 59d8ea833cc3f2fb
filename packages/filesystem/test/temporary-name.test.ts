import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomSuffix, temporaryName } from '../src/temporary-name.ts';

test('names as rsync makes them', () => {
  const name = (text: string): string => temporaryName(text, 'a1B2c3', false);
  expect(name('f')).toBe('.f.a1B2c3');
  expect(name('.hid')).toBe('.hid.a1B2c3');
  expect(name('tr.')).toBe('.tr.a1B2c3');
  expect(name('..dd')).toBe('..dd.a1B2c3');
});

test('names in a directory of their own get no dot', () => {
  expect(temporaryName('f', 'X', true)).toBe('f.X');
  expect(temporaryName('.hid', 'X', true)).toBe('.hid.X');
});

test('long names are cut, never inside a character', () => {
  expect(temporaryName('n'.repeat(300), 'a1B2c3', false)).toBe(`.${'n'.repeat(246)}.a1B2c3`);
  const accented = `${'n'.repeat(245)}\xc3\xa9rest`;
  expect(temporaryName(accented, 'a1B2c3', false)).toBe(`.${'n'.repeat(245)}.a1B2c3`);
});

test('a temporary name always fits into 255 bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ min: 1, minLength: 1, maxLength: 255 }), (bytes) => {
      const name = Buffer.from(bytes).toString('latin1').replace(/\//g, 'x');
      expect(temporaryName(name, randomSuffix(), false).length).toBeLessThanOrEqual(255);
    }),
  );
});

test('six letters or digits', () => {
  expect(randomSuffix()).toMatch(/^[A-Za-z0-9]{6}$/);
});
