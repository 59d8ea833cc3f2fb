import { expect, test } from 'vitest';
import { hintFor } from '../../src/output/hints.ts';

test.each([
  [
    'rsync: --archve: unknown option\n',
    'Did you mean --archive? deltawire --help lists every option.',
  ],
  [
    'rsync: --no-prems=1: unknown option\n',
    'Did you mean --no-perms? deltawire --help lists every option.',
  ],
  ['rsync: --wholly-else: unknown option\n', 'deltawire --help lists every option.'],
  ['rsync: -Q: unknown option\n', 'deltawire --help lists every option.'],
  ['rsync: [Receiver] mkdir "/a/b" failed: No such file or directory (2)\n', /--mkpath/],
  ['rsync: [Receiver] failed to connect to h (1.2.3.4): Connection refused (111)\n', /h:PATH.*ssh/],
  ['rsync: [Receiver] getaddrinfo: h 873: Name or service not known\n', /spelled/],
  ['@ERROR: auth failed on module m\n', /--password-file/],
  ['ERROR: module is read only\n', /read only = no/],
  ['rsync: [sender] link_stat "/x/a" failed: No such file or directory (2)\n', /spelled/],
  ["@ERROR: Unknown module 'm'\n", /lists/],
  ['rsync: [client] bind() failed on 127.0.0.1 port 873: Permission denied (13)\n', /8730/],
  ['rsync: [client] bind() failed on :: port 873: Address already in use (98)\n', /--port/],
])('%j', (text, hint) => {
  expect(hintFor(text)).toMatch(hint);
});

test('what speaks for itself has no hint', () => {
  expect(hintFor('rsync: [Receiver] write failed on "a": No space left on device (28)\n')).toBe('');
  expect(hintFor('')).toBe('');
});
