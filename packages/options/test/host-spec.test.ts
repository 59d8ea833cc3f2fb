import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { parseHostSpec } from '../src/index.ts';
import { RealRsync } from './real-rsync.ts';

const real = new RealRsync();
afterAll(() => real[Symbol.dispose]());

describe.concurrent('remote-shell forms are read as the real client does', () => {
  const SPECS = [
    'h:x',
    'u@h:x',
    'u@v@h:x',
    'a:b@h:c',
    'h:',
    ':x',
    '@h:x',
    'u@:x',
    '[::1]:x',
    'u@[::1]:x',
    'a b:c',
    'rsync:x',
    'rsync:/h/m',
    'rsync://h:5x/m',
    'rsync://u:p@h/m',
    'rsync://[h]x/m',
  ];
  for (const text of SPECS) {
    test(text, async () => {
      const { shellWords = [] } = await real.run([text, 'dest']);
      const spec = parseHostSpec(text);
      if (spec.kind !== 'shell') throw new Error(`read as ${spec.kind}`);
      const user = spec.user === undefined ? [] : ['-l', spec.user];
      expect([...user, spec.host, 'rsync']).toEqual(
        shellWords.slice(0, shellWords.indexOf('--server')),
      );
      expect(shellWords.at(-1)).toBe(spec.path === '' ? '.' : spec.path);
    });
  }

  const LOCAL = ['a/b:c', '/a:b', './a:b', '[::1:x', '[h]x:y', '[]:x', 'x[h]:y', 'u@[h', 'plain'];
  for (const text of LOCAL) {
    test(`${text} is local`, async () => {
      const { exitCode, shellWords } = await real.run([text, 'dest']);
      expect({ exitCode, shellWords }).toEqual({ exitCode: 23, shellWords: undefined });
      expect(parseHostSpec(text)).toEqual({ kind: 'local', path: text });
    });
  }
});

test.for([
  ['h::m/x/', undefined, 'h', undefined, 'm', 'm/x/', false],
  ['u@h::m', 'u', 'h', undefined, 'm', 'm', false],
  ['::', undefined, '', undefined, '', '', false],
  ['[::1]::m', undefined, '::1', undefined, 'm', 'm', false],
  ['h:::x', undefined, 'h', undefined, ':x', ':x', false],
  ['-h::m', undefined, '-h', undefined, 'm', 'm', false],
  ['rsync://h/m/x', undefined, 'h', undefined, 'm', 'm/x', true],
  ['RSYNC://u@h:8730/m', 'u', 'h', 8730, 'm', 'm', true],
  ['rsync://u@v@h:5/m', 'u@v', 'h', 5, 'm', 'm', true],
  ['rsync://[::1]:00874/m', undefined, '::1', 874, 'm', 'm', true],
  ['rsync://h:/m', undefined, 'h', undefined, 'm', 'm', true],
  ['rsync://h:0/m', undefined, 'h', undefined, 'm', 'm', true],
  ['rsync://h:5', undefined, 'h', 5, '', '', true],
  ['rsync://h', undefined, 'h', undefined, '', '', true],
  ['rsync://h//', undefined, 'h', undefined, '', '/', true],
  ['rsync://', undefined, '', undefined, '', '', true],
] as const)('%s', ([text, user, host, port, module, path, viaUrl]) => {
  expect(parseHostSpec(text)).toEqual({ kind: 'daemon', user, host, port, module, path, viaUrl });
});

test('a host that the remote shell would take for an option', async () => {
  const { exitCode, message } = await real.run(['--', 'u@-oX:x', 'dest']);
  expect(exitCode).toBe(1);
  expect(() => parseHostSpec('u@-oX:x')).toThrow(message);
});

test('any text is one of the three, and local paths are kept whole', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const spec = parseHostSpec(`./${text}`);
      expect(spec).toEqual({ kind: 'local', path: `./${text}` });
    }),
  );
});
