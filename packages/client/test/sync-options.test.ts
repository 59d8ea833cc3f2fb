import { parseCommandLine } from '@deltawire/options';
import { DEFAULT_TRANSFER_OPTIONS } from '@deltawire/transfer';
import { expect, test } from 'vitest';
import { type NamedOptions, optionArguments } from '../src/sync-options.ts';

test.each<[NamedOptions, string[]]>([
  [{}, []],
  [{ archive: true, owner: false, delete: true }, ['--archive', '--no-owner', '--delete']],
  [
    { deleteMode: 'delay', maxSize: '1m', timeout: 5 },
    ['--delete-delay', '--max-size=1m', '--timeout=5'],
  ],
  [{ verbose: 2 }, ['--verbose', '--verbose']],
  [
    { compress: true, compressChoice: 'zstd', compressLevel: 5 },
    ['--compress', '--compress-choice=zstd', '--compress-level=5'],
  ],
  [
    { exclude: ['*.o', 'tmp/'], filter: '+ a' },
    ['--exclude=*.o', '--exclude=tmp/', '--filter=+ a'],
  ],
  // Off already, and rsync has no --no- form.
  [{ dryRun: false, incRecursive: false }, ['--no-inc-recursive']],
  [{ chmod: 'u+ü' }, ['--chmod=u+\xc3\xbc']],
  [{ arguments: ['-x', '--stats'] }, ['-x', '--stats']],
])('%j is %j', (options, argv) => {
  expect(optionArguments(options)).toEqual(argv);
});

test('a name that rsync does not have is an error', () => {
  const options = { recursve: true } as NamedOptions;
  expect(() => optionArguments(options)).toThrow('unknown option "recursve"');
});

test('a transfer without options is what a command line without options asks for', () => {
  const { options } = parseCommandLine(['a', 'b'], {});
  const asked = Object.keys(DEFAULT_TRANSFER_OPTIONS).map((key) => [
    key,
    Reflect.get(options, key),
  ]);
  expect(DEFAULT_TRANSFER_OPTIONS).toEqual(Object.fromEntries(asked));
});
