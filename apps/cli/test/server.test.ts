import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { PROGRAM, runProgram } from './program.ts';
import { realRsync } from './real-rsync.ts';

/** A remote shell that runs the command here, and a program name for its other end. */
function prepare(root: string): { rsh: string; program: string } {
  mkdirSync(join(root, 's'));
  writeFileSync(join(root, 's/f'), 'content');
  const rsh = join(root, 'rsh');
  writeFileSync(rsh, '#!/bin/sh\nshift\nexec sh -c "$*"\n');
  const program = join(root, 'deltawire');
  writeFileSync(program, `#!/bin/sh\nexec ${PROGRAM.map((word) => `'${word}'`).join(' ')} "$@"\n`);
  for (const path of [rsh, program]) chmodSync(path, 0o755);
  return { rsh, program };
}

test('the real rsync pushes to and pulls from --server', () => {
  using directory = temporaryDirectory();
  const { rsh, program } = prepare(directory.path);
  const common = ['-a', '-e', rsh, `--rsync-path=${program}`];
  const push = realRsync(directory.path, [...common, 's/', `h:${directory.path}/pushed/`]);
  expect(push).toEqual({ stdout: '', stderr: '', status: 0 });
  const pull = realRsync(directory.path, [...common, `h:${directory.path}/pushed/`, 'pulled/']);
  expect(pull).toEqual({ stdout: '', stderr: '', status: 0 });
  expect(readFileSync(join(directory.path, 'pulled/f'), 'utf8')).toBe('content');
}, 20_000);

test('both ends can be this program', () => {
  using directory = temporaryDirectory();
  const { rsh, program } = prepare(directory.path);
  const args = ['-ai', '-e', rsh, `--rsync-path=${program}`, 's/', `h:${directory.path}/t/`];
  expect(runProgram(directory.path, args)).toEqual({
    stdout: 'created directory '.concat(`${directory.path}/t\ncd+++++++++ ./\n<f+++++++++ f\n`),
    stderr: '',
    status: 0,
  });
}, 20_000);

test('options that a server does not know end it with their exit code', () => {
  const { stderr, status } = runProgram('/', [
    '--server',
    '--sender',
    '-e.iLsfxCIvu',
    '--bogus',
    '.',
    '/',
  ]);
  expect(status).toBe(1);
  expect(stderr).toContain('--bogus: unknown option');
}, 20_000);

test('input and output that are no pipes are read and written all the same', () => {
  using directory = temporaryDirectory();
  const { program } = prepare(directory.path);
  const output = join(directory.path, 'output');
  const serve = `'${program}' --server --sender -e.LsfxCIvu . s </dev/null >'${output}'`;
  const { status, stderr } = spawnSync('sh', ['-c', serve], { cwd: directory.path });
  expect(status).toBe(12);
  expect(`${stderr}`).toContain(
    'connection unexpectedly closed (0 bytes received so far) [sender]',
  );
  expect([...readFileSync(output)]).toEqual([32, 0, 0, 0]);
}, 20_000);
