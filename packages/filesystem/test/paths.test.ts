import fc from 'fast-check';
import { expect, test } from 'vitest';
import { absolutePath, baseName, directoryName, fsPath, joinPath } from '../src/paths.ts';

test('ASCII paths stay strings, others become their bytes', () => {
  expect(fsPath('a/b')).toBe('a/b');
  expect(fsPath('a\xff')).toEqual(Buffer.from([0x61, 0xff]));
});

test('fsPath keeps every byte', () => {
  fc.assert(
    fc.property(fc.uint8Array({ min: 1, max: 255 }), (bytes) => {
      const path = fsPath(Buffer.from(bytes).toString('latin1'));
      expect(Buffer.from(path as string, 'latin1').equals(Buffer.from(bytes))).toBe(true);
    }),
  );
});

test('joins and splits', () => {
  expect(joinPath('', 'a')).toBe('a');
  expect(joinPath('/', 'a')).toBe('/a');
  expect(joinPath('d', 'a')).toBe('d/a');
  expect(joinPath('d/', 'a')).toBe('d/a');
  expect(joinPath('d', '.')).toBe('d');
  expect(directoryName('a')).toBe('');
  expect(directoryName('/a')).toBe('/');
  expect(directoryName('d/e/a')).toBe('d/e');
  expect(baseName('d/e/a')).toBe('a');
  expect(baseName('a')).toBe('a');
});

test('absolute paths', () => {
  const here = Buffer.from(process.cwd()).toString('latin1');
  expect(absolutePath('a/./b//c/')).toBe(`${here}/a/b/c`);
  expect(absolutePath('.')).toBe(here);
  expect(absolutePath('/x/')).toBe('/x');
  expect(absolutePath('/')).toBe('/');
});
