import { expect, test } from 'vitest';
import { splitFilesFrom } from '../src/files-from.ts';

const split = (text: string, from0 = false): string[] =>
  splitFilesFrom(Buffer.from(text, 'latin1'), { from0 });

test('one name per line, comments and empty lines left out', () => {
  expect(split('top\r\n# c\n;x\n a\n\nd/\rb\xff')).toEqual(['top', ' a', 'd/', 'b\xff']);
});

test('with from0 only NUL separates', () => {
  expect(split('top\0#c\0a\nb\0\0', true)).toEqual(['top', 'a\nb']);
});
