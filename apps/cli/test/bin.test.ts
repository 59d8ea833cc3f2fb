import { execFileSync } from 'node:child_process';
import { temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { PROGRAM, runProgram } from './program.ts';

test('the program runs from its sources and ends with its exit code', () => {
  using directory = temporaryDirectory();
  expect(runProgram(directory.path, ['--version']).stdout).toMatch(/^rsync {2}version /);
  expect(runProgram(directory.path, ['--bogus', 'a', 'b']).status).toBe(1);
});

test('a reader that goes away is no error', () => {
  const command = `${PROGRAM.map((word) => `'${word}'`).join(' ')} --help | head -1; echo $?`;
  const output = execFileSync('sh', ['-c', command], { encoding: 'utf8', stdio: 'pipe' });
  expect(output).toMatch(/^rsync {2}version .*\n0\n$/);
});

test('compiled code is cached below a home of one’s own only', () => {
  using home = temporaryDirectory();
  using elsewhere = temporaryDirectory();
  runProgram(elsewhere.path, ['--version'], { HOME: home.path });
  const cached = execFileSync('ls', ['-A', `${home.path}/.cache`], { encoding: 'utf8' });
  expect(cached).toBe('deltawire\n');
  expect(runProgram(elsewhere.path, ['--version'], { HOME: '/nonexistent' }).status).toBe(0);
});
