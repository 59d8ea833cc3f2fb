import { expect, test } from 'vitest';
import { parseChecksumChoice } from '../src/checksum-choice.ts';

test('one name counts for both', () => {
  expect(parseChecksumChoice('MD5')).toEqual({ transfer: 'md5', file: 'md5', text: 'MD5' });
  expect(parseChecksumChoice('xxhash')).toMatchObject({ transfer: 'xxh64', file: 'xxh64' });
  expect(parseChecksumChoice('none')).toMatchObject({ transfer: 'none' });
});

test('two names', () => {
  expect(parseChecksumChoice('xxh128,sha1')).toEqual({
    transfer: 'xxh128',
    file: 'sha1',
    text: 'xxh128,sha1',
  });
  expect(parseChecksumChoice('auto,md5')).toMatchObject({ transfer: 'auto', file: 'md5' });
});

test('auto leaves it to negotiation', () => {
  expect(parseChecksumChoice('auto')).toBeUndefined();
});

test('unknown names end with exit code 4', () => {
  for (const [text, name] of [
    ['foo', 'foo'],
    ['md5,', ''],
    [',md5', ',md5'],
    ['md5,md4,sha1', 'md4,sha1'],
  ] as const) {
    expect(() => parseChecksumChoice(text)).toThrow(
      expect.objectContaining({ message: `unknown checksum name: ${name}`, exitCode: 4 }),
    );
  }
});
