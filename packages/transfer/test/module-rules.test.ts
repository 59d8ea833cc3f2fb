import { createDaemonFilter } from '@deltawire/filters';
import { expect, test } from 'vitest';
import type { DaemonContext } from '../src/index.ts';
import { hiddenByModule, nameInModule, showInModule } from '../src/module-rules.ts';

const daemon = (exclude = '', moduleRoot = '/srv/mod'): DaemonContext => ({
  moduleRoot,
  moduleName: 'm',
  readOnly: false,
  filter: createDaemonFilter({ exclude }, () => undefined),
});

test('without a daemon, and without rules, nothing is hidden', () => {
  expect(hiddenByModule(undefined)).toBeUndefined();
  expect(hiddenByModule(daemon())).toBeUndefined();
});

test('rules are about the path inside the module, however it is written', () => {
  const isHidden = hiddenByModule(daemon('/dir/secret *.key'))!;
  expect(isHidden('/srv/mod/dir/secret', false)).toBe(true);
  expect(isHidden('/srv/mod/./dir//secret', false)).toBe(true);
  expect(isHidden('/srv/mod/secret', false)).toBe(false);
  expect(isHidden('/srv/mod/a/b/x.key', false)).toBe(true);
  expect(isHidden('/srv/mod/dir', true)).toBe(false);
  expect(isHidden('/srv/mod', true)).toBe(false);
});

test('what lies below something hidden is hidden', () => {
  const isHidden = hiddenByModule(daemon('/dir'))!;
  expect(isHidden('/srv/mod/dir/sub/f', false)).toBe(true);
  expect(isHidden('/srv/mod/dirt/f', false)).toBe(false);
});

test('so is what lies outside the module', () => {
  const isHidden = hiddenByModule(daemon('/x'))!;
  expect(isHidden('/srv/module2/f', false)).toBe(true);
  expect(isHidden('/etc/passwd', false)).toBe(true);
});

test('a module may be the root directory, or be written with a slash', () => {
  expect(nameInModule('/a/b', '/')).toBe('a/b');
  expect(nameInModule('/', '/')).toBe('');
  expect(nameInModule('/srv/mod/a', '/srv/mod/')).toBe('a');
  expect(nameInModule('/srv/modx', '/srv/mod')).toBeUndefined();
});

// As the real daemon shows them; see the session daemon-missing, and the same with sub-directories.
test.each([
  ['/srv/mod/nope', ['nope'], '"nope" (in m)'],
  ['/srv/mod/dir/nope', ['dir/nope'], '"/dir/nope" (in m)'],
  ['/srv/mod/dir/sub/nope', ['dir/sub/nope'], '"/dir/sub/nope" (in m)'],
  ['/srv/mod/dir/nodir/', ['dir/nodir/'], '"dir/nodir" (in m)'],
  ['/srv/mod/dir/sub/l', ['./'], '"dir/sub/l" (in m)'],
  ['/srv/mod/dir/sub/l', ['dir/'], '"/dir/sub/l" (in m)'],
  ['/srv/mod/dir/sub/l', ['dir'], '"dir/sub/l" (in m)'],
] as const)('%s, asked for as %o, is shown as %s', (path, args, shown) => {
  expect(showInModule(path, daemon(), args)).toBe(shown);
});
