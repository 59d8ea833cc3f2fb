import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { PidFile } from '../src/pid-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'pid-'));
const path = join(directory, 'pid');
afterAll(() => rmSync(directory, { recursive: true }));

test('holds our number while it is there', () => {
  {
    using _file = new PidFile(path);
    expect(readFileSync(path, 'utf8')).toBe(`${process.pid}\n`);
  }
  expect(existsSync(path)).toBe(false);
});

test('one that a process left behind is taken over', () => {
  writeFileSync(path, '99999999\nand more');
  using _file = new PidFile(path);
  expect(readFileSync(path, 'utf8')).toBe(`${process.pid}\n`);
});

test.runIf(existsSync('/proc/self/cmdline'))('a running daemon keeps its own', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', '--', '--daemon']);
  await new Promise((resolve) => other.once('spawn', resolve));
  writeFileSync(path, `${other.pid}\n`);
  await expect
    .poll(() => readFileSync(`/proc/${other.pid}/cmdline`, 'utf8').includes('--daemon'))
    .toBe(true);
  expect(() => new PidFile(path)).toThrow(
    expect.objectContaining({ exitCode: 11, message: expect.stringContaining(`${other.pid}`) }),
  );
  other.kill();
  await new Promise((resolve) => other.once('exit', resolve));
  new PidFile(path)[Symbol.dispose]();
});
