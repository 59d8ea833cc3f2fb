import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCommandLine } from '@deltawire/options';
import { afterAll, expect, test } from 'vitest';
import { readFilesFrom, readFilterRules } from '../src/lists.ts';

const directory = mkdtempSync(join(tmpdir(), 'lists-'));
afterAll(() => rmSync(directory, { recursive: true }));

const rules = (argv: string[], env: Record<string, string> = {}) =>
  readFilterRules(parseCommandLine([...argv, 'a', 'b'], env).options, env, () => {});

test('rules come from the command line and from files', () => {
  const file = join(directory, 'rules');
  writeFileSync(file, '*.o\n*.a\n');
  expect(rules(['--exclude=x', `--exclude-from=${file}`])).toHaveLength(3);
  expect(() => rules(['--exclude-from=/no/such'])).toThrow(
    expect.objectContaining({ exitCode: 11 }) as Error,
  );
});

test('-C adds those of the home directory and of the environment', () => {
  writeFileSync(join(directory, '.cvsignore'), 'mine1 mine2\n');
  const all = JSON.stringify(rules(['-C'], { HOME: directory, CVSIGNORE: 'one' }));
  for (const name of ['mine1', 'mine2', 'one']) expect(all).toContain(`"${name}"`);
});

test('files-from is bytes', () => {
  const file = join(directory, 'list');
  writeFileSync(file, 'a\nb\n');
  expect(Buffer.from(readFilesFrom(file, () => {})).toString()).toBe('a\nb\n');
  expect(() => readFilesFrom('/no/such', () => {})).toThrow(
    expect.objectContaining({
      exitCode: 1,
      message: 'rsync: failed to open files-from file /no/such: No such file or directory',
    }) as Error,
  );
});
