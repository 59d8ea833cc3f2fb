import { writeFileSync } from 'node:fs';
import { temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { readNamesFile } from '../src/files-from.ts';

test('the whole file, however long', () => {
  using directory = temporaryDirectory();
  const path = directory.join('names');
  const names = Buffer.from('a/name/that/is/not/very/long\n'.repeat(700_000));
  writeFileSync(path, names);
  expect(names.equals(readNamesFile(path, () => {}))).toBe(true);
});

test('a file that is not there is a syntax error, in rsync’s words', () => {
  expect(() => readNamesFile('/no/such', () => {})).toThrow(
    expect.objectContaining({
      exitCode: 1,
      message: 'rsync: failed to open files-from file /no/such: No such file or directory',
    }) as Error,
  );
});
