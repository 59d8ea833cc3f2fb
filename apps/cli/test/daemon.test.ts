import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { freePort, temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { PROGRAM, runProgram, startProgram } from './program.ts';
import { realRsync } from './real-rsync.ts';

function configure(root: string): string {
  mkdirSync(join(root, 'm'));
  writeFileSync(join(root, 'm/f'), 'content');
  const config = join(root, 'rsyncd.conf');
  writeFileSync(
    config,
    `pid file = ${root}/pid\nlog file = ${root}/log\nuse chroot = no\n` +
      `[mod]\npath = ${root}/m\ncomment = a module\nuid = ${process.getuid!()}\n`,
  );
  return config;
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !condition(); i++) await new Promise((r) => setTimeout(r, 25));
  expect(condition()).toBe(true);
}

test('--no-detach serves until SIGTERM and takes its pid file along', async () => {
  using directory = temporaryDirectory();
  const config = configure(directory.path);
  const port = await freePort();
  const child = startProgram(directory.path, [
    '--daemon',
    '--no-detach',
    `--config=${config}`,
    `--port=${port}`,
    '--address=127.0.0.1',
  ]);
  const pidFile = join(directory.path, 'pid');
  await until(() => existsSync(pidFile) && existsSync(join(directory.path, 'log')));
  await until(() => readFileSync(join(directory.path, 'log'), 'utf8').includes('listening'));
  expect(readFileSync(pidFile, 'utf8')).toBe(`${child.pid}\n`);

  const url = `rsync://127.0.0.1:${port}`;
  const list = realRsync(directory.path, [`${url}/`]);
  expect(list.stdout).toBe(`${'mod'.padEnd(15)}\ta module\n`);
  expect(runProgram(directory.path, [`${url}/`]).stdout).toBe(list.stdout);
  expect(realRsync(directory.path, ['-a', `${url}/mod/`, 't']).status).toBe(0);
  expect(readFileSync(join(directory.path, 't/f'), 'utf8')).toBe('content');

  child.kill('SIGTERM');
  const [status] = (await once(child, 'close')) as [number];
  expect(status).toBe(0);
  expect(existsSync(pidFile)).toBe(false);
}, 20_000);

test('detached, it tells its parent when it listens and when it cannot', async () => {
  using directory = temporaryDirectory();
  const config = configure(directory.path);
  const port = await freePort();
  const args = ['--daemon', `--config=${config}`, `--port=${port}`, '--address=127.0.0.1'];
  expect(runProgram(directory.path, args)).toEqual({ stdout: '', stderr: '', status: 0 });
  const pid = Number(readFileSync(join(directory.path, 'pid'), 'utf8'));
  try {
    const { stdout } = realRsync(directory.path, [`rsync://127.0.0.1:${port}/`]);
    expect(stdout).toContain('a module');
    const second = runProgram(directory.path, [...args, '-M', `pid file=${directory.path}/pid2`]);
    expect(second.status).toBe(10);
    expect(second.stderr).toContain('Address already in use');
  } finally {
    process.kill(pid, 'SIGTERM');
  }
  await until(() => !existsSync(join(directory.path, 'pid')));
}, 20_000);

test('a configuration that is not there says what to do', () => {
  using directory = temporaryDirectory();
  const missing = runProgram(directory.path, ['--daemon', '--no-detach', '--config=nowhere']);
  expect(missing.status).toBe(1);
  expect(missing.stderr).toContain('nowhere');
}, 20_000);

test('a connection that inetd accepted is served, and told where it is from', async () => {
  using directory = temporaryDirectory();
  const config = configure(directory.path);
  const [node, ...program] = PROGRAM;
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    const args = [...program, '--daemon', `--config=${config}`];
    const child = spawn(node!, args, { stdio: [socket, socket, 'inherit'] });
    // The other process has the connection now.
    child.once('spawn', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const rsync = spawn('rsync', ['-a', `rsync://127.0.0.1:${port}/mod/`, directory.join('t')]);
  expect(await once(rsync, 'close')).toEqual([0, null]);
  server.close();
  expect(readFileSync(directory.join('t/f'), 'utf8')).toBe('content');
  expect(readFileSync(directory.join('log'), 'utf8')).toMatch(/connect from \S+ \(127\.0\.0\.1\)/);
}, 20_000);
