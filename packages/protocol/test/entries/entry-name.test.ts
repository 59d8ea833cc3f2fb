import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEntryName } from '../../src/entries/entry-name.ts';
import { decodeByteString, encodeByteString, ProtocolError } from '../../src/index.ts';

function check(name: string, relative = false): string {
  const room = new Uint8Array(4095).fill(0x2e); // what lies behind the name must not matter
  encodeByteString(name, room);
  return readEntryName(room, name.length, relative);
}

test.each([
  '.',
  'a',
  'a/b',
  '.hidden',
  '..hidden',
  '...',
  'a/.b',
  'a/..b/c..',
  'a.',
  'a..',
  '\xff\xfe/\xc3',
  ' ',
  'a b/c\nd',
])('%j is kept', (name) => {
  expect(check(name)).toBe(name);
  expect(check(name, true)).toBe(name);
});

test.each([
  ['./a', 'a'],
  ['a/./b', 'a/b'],
  ['a//b', 'a/b'],
  ['a/', 'a'],
  ['a/.', 'a'],
  ['././', '.'],
])('%j becomes %j', (name, cleaned) => {
  expect(check(name)).toBe(cleaned);
});

describe.each([false, true])('relative: %s', (relative) => {
  test.each(['..', '../a', 'a/..', 'a/../b', './..', '', 'a\0b', '\0', 'a/..\0'])(
    '%j is unsafe',
    (name) => {
      expect(() => check(name, relative)).toThrow(
        expect.objectContaining({
          exitCode: 4,
          message: expect.stringContaining('unsafe pathname'),
        }),
      );
    },
  );
});

test('a leading slash is for --relative only', () => {
  expect(() => check('/etc')).toThrow(ProtocolError);
  expect(check('/etc', true)).toBe('/etc');
  expect(check('//etc/./x', true)).toBe('/etc/x');
  expect(check('/', true)).toBe('/');
});

test('no name leads out', () => {
  const part = fc.constantFrom('.', '..', 'a', '/', '//', '.b', '\0', 'c..');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), fc.boolean(), (parts, relative) => {
      let name: string;
      try {
        name = check(parts.join(''), relative);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
        return;
      }
      expect(name).not.toBe('');
      expect(name).not.toContain('\0');
      const components = name.split('/');
      if (relative && name.startsWith('/')) components.shift();
      if (name !== '.' && name !== '/') {
        for (const component of components) expect(['', '.', '..']).not.toContain(component);
      }
    }),
    { numRuns: 2000 },
  );
});

test('any proper name is decoded as it is', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (data) => {
      const name = decodeByteString(data.map((byte) => (byte === 0 || byte === 0x2f ? 1 : byte)));
      fc.pre(name !== '..');
      expect(check(name)).toBe(name);
    }),
  );
});
