/** The real program as a peer: whether it is there, a remote shell that stays here, a daemon. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const hasRsync: boolean = (() => {
  try {
    execFileSync('rsync', ['--version']);
    return true;
  } catch {
    return false;
  }
})();

/** A directory with a source tree and a remote shell that runs its command here. */
export function workspace() {
  const path = mkdtempSync(join(tmpdir(), 'daemon-'));
  const source = join(path, 'src');
  mkdirSync(join(source, 'dir'), { recursive: true });
  writeFileSync(join(source, 'a.txt'), 'hello world\n');
  writeFileSync(join(source, 'dir', 'b.bin'), Buffer.alloc(200_000, 'pattern'));
  symlinkSync('a.txt', join(source, 'link'));
  const rsh = join(path, 'rsh');
  writeFileSync(rsh, '#!/bin/sh\nwhile [ "$1" = -l ]; do shift 2; done\nshift\nexec sh -c "$*"\n');
  chmodSync(rsh, 0o755);
  return { path, source, rsh, remove: () => rmSync(path, { recursive: true }) };
}

/** What `diff -r` says about two trees: nothing when they are equal. */
export function differences(a: string, b: string): string {
  try {
    execFileSync('diff', ['-r', '--no-dereference', a, b]);
    return '';
  } catch (error) {
    return String((error as { stdout?: Buffer }).stdout);
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A real daemon on a loopback port; `config` is the text behind the globals. */
export async function realDaemon(directory: string, config: string) {
  const port = await freePort();
  const file = join(directory, 'rsyncd.conf');
  const ids = process.getuid?.() === 0 ? 'uid = 0\ngid = 0\n' : '';
  const globals = `log file = ${directory}/log\nuse chroot = no\nmunge symlinks = no\n${ids}`;
  writeFileSync(file, globals + config);
  const args = ['--daemon', '--no-detach', `--config=${file}`, `--port=${port}`];
  // With a socket as stdin it would serve that instead of listening.
  const child = spawn('rsync', [...args, '--address=127.0.0.1'], { stdio: 'ignore' });
  for (let i = 0; i < 100; i++) {
    await sleep(20);
    try {
      execFileSync('rsync', [`rsync://127.0.0.1:${port}/`], { stdio: 'ignore' });
      break;
    } catch {
      // Not listening yet.
    }
  }
  return {
    port,
    url: `rsync://127.0.0.1:${port}`,
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}
