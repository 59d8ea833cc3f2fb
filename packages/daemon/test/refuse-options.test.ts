import { expect, test } from 'vitest';
import { findRefusal, refusedOptions } from '../src/refuse-options.ts';

const refusal = (terms: string, ...args: string[]): string | undefined =>
  findRefusal(['--server', ...args, '.', 'm/'], refusedOptions(terms))?.message.replace(
    'The server is configured to refuse ',
    '',
  );

test.each<[string, string[], string | undefined]>([
  ['', ['-logDtpre.iLsfxCIvu'], undefined],
  ['compress delete', ['--sender', '-logDtprze.iLsfxCIvu'], '--compress (-z)'],
  ['compress delete', ['-logDtpre.iLsfxCIvu', '--delete-after'], '--delete-after'],
  ['delete', ['-r', '--delete'], '--delete'],
  ['compress', ['-r', '--compress-level=3'], '--compress-level'],
  ['c', ['-rc'], '--checksum (-c)'],
  ['checksum', ['-rc'], '--checksum (-c)'],
  ['delete-*', ['--delete-before'], '--delete-before'],
  ['*', ['-nse.iLs'], undefined],
  ['*', ['-r'], '--recursive (-r)'],
  ['* !recursive', ['-r'], undefined],
  ['a', ['-D'], '--devices'],
  ['a !devices !specials', ['-D'], undefined],
  ['', ['--log-file=/x'], '--log-file'],
  ['!log-file', ['--log-file=/x'], '--log-file'],
  ['', ['--write-devices'], '--write-devices'],
  ['!write-devices', ['--write-devices'], undefined],
  // The value of -e and of -B is no bundle of options.
  ['links', ['-e.l'], undefined],
  ['bogus', ['-r'], undefined],
])('"%s" and %j: %s', (terms, args, message) => {
  expect(refusal(terms, ...args)).toBe(message);
});

test('paths are not options', () => {
  expect(findRefusal(['--server', '.', '--delete'], refusedOptions('delete'))).toBeUndefined();
});
