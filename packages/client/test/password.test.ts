import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findPassword, readPasswordFile } from '../src/password.ts';

const directory = mkdtempSync(join(tmpdir(), 'password-'));
afterAll(() => rmSync(directory, { recursive: true }));

function passwordFile(content: string | Buffer, mode = 0o600): string {
  const path = join(directory, `pw-${Math.random()}`);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

test('the first line counts, as bytes', () => {
  expect(readPasswordFile(passwordFile('wonderland\nmore\n'))).toBe('wonderland');
  expect(readPasswordFile(passwordFile('dos\r\n'))).toBe('dos');
  expect(readPasswordFile(passwordFile(Buffer.from([0xff, 0x0a])))).toBe('\xff');
  expect(readPasswordFile(passwordFile('x'.repeat(2000)))).toHaveLength(511);
});

test('files open to others, empty or missing ones are refused', () => {
  const refused = (path: string, message: string): void =>
    expect(() => readPasswordFile(path)).toThrow(
      expect.objectContaining({ exitCode: 1, message }) as Error,
    );
  refused(passwordFile('x', 0o604), 'ERROR: password file must not be other-accessible');
  const empty = passwordFile('');
  refused(empty, `ERROR: failed to read a password from ${empty}`);
  refused('/no/file', 'could not open password file /no/file: No such file or directory (2)');
});

test('file, then string, then environment, then question', async () => {
  const request = { user: 'u', host: 'h', module: 'm' };
  const ask = () => 'asked';
  const path = passwordFile('filed');
  const env = { RSYNC_PASSWORD: 'env' };
  expect(await findPassword(request, { passwordFile: path, password: 's', env })).toBe('filed');
  expect(await findPassword(request, { password: 's', env })).toBe('s');
  expect(await findPassword(request, { password: ask, env })).toBe('env');
  expect(await findPassword(request, { password: ask, env: {} })).toBe('asked');
  expect(await findPassword(request, { password: () => undefined, env: {} })).toBe('');
});
