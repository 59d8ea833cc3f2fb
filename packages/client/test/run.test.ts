import { chmodSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { parseCommandLine } from '@deltawire/options';
import {
  compareTrees,
  makeTree,
  realDaemon,
  remoteShellScript,
  SMALL_TREE,
  temporaryDirectory,
} from '@deltawire/testkit';
import type { TransferEvent } from '@deltawire/transfer';
import { afterAll, describe, expect, test } from 'vitest';
import { runSync } from '../src/run.ts';
import type { RunSyncOptions } from '../src/run-options.ts';

const space = temporaryDirectory();
afterAll(() => space.remove());
const at = (name: string): string => space.join(name);
const source = at('src');
// Whole seconds: older protocols know no others.
makeTree(source, SMALL_TREE, { mtime: 1_500_000_000 });
const rsh = remoteShellScript(space.path);

const env = { PATH: process.env.PATH, USER: 'alice' };
const run = (argv: string[], o: RunSyncOptions = {}) =>
  runSync(parseCommandLine(argv, {}).options, { env, ...o });

test('copies locally', async () => {
  expect(await run(['-a', `${source}/`, at('local')])).toMatchObject({ exitCode: 0 });
  expect(compareTrees(source, at('local'))).toEqual([]);
});

describe('through a remote shell', () => {
  test.each([27, 28, 29, 30, 31, 32])('pull and push at protocol %i', async (protocol) => {
    const options = ['-a', '-e', rsh, `--protocol=${protocol}`];
    const pulled = at(`pull${protocol}`);
    const pushed = at(`push${protocol}`);
    expect((await run([...options, `h:${source}/`, pulled])).exitCode).toBe(0);
    expect((await run([...options, `${source}/`, `h:${pushed}`])).exitCode).toBe(0);
    expect(compareTrees(source, pulled)).toEqual([]);
    expect(compareTrees(source, pushed)).toEqual([]);
  });

  test('secluded arguments, names with spaces', async () => {
    writeFileSync(at('a b; c'), 'x');
    await run(['-a', '-s', '-e', rsh, `h:${at('a b; c')}`, at('secluded/')]);
    await run(['-a', '-e', rsh, `h:${at('a b; c')}`, at('quoted/')]);
    expect(compareTrees(at('secluded'), at('quoted'), { ignore: ['directory-times'] })).toEqual([]);
  });

  test('a missing file is exit code 23, from the shell too', async () => {
    const pull = run(['-a', '-e', rsh, `h:${at('nope')}`, at('x/')]);
    expect((await pull).exitCode).toBe(23);
  });

  test('a daemon at the other end', async () => {
    writeFileSync(at('shell.conf'), `use chroot = no\n[m]\npath = ${source}\nuid = 0\ngid = 0\n`);
    const path = `--rsync-path=rsync --config=${at('shell.conf')}`;
    await run(['-a', '-e', rsh, path, 'bob@h::m/', at('via-shell')]);
    expect(compareTrees(source, at('via-shell'))).toEqual([]);
  });

  test.each<[string[], number, string]>([
    [['--rsync-path=/no/rsync'], 127, '/no/rsync was not found on h: install rsync there'],
    [['--rsync-path=exit 126;'], 126, 'could not be run on h'],
    [['--rsync-path=exit 1;'], 12, ''],
    [['-e', '/no/shell'], 14, 'Failed to exec /no/shell'],
  ])('%j: exit code %i', async (options, exitCode, message) => {
    const argv = ['-a', '-e', rsh, ...options, `${source}/`, 'h:/tmp/never'];
    await expect(run(argv, { onRemoteStderr: () => {} })).rejects.toMatchObject({
      exitCode,
      message: expect.stringContaining(message),
    });
  });

  test('an abort ends the run and its shell', async () => {
    const argv = ['-a', '-e', rsh, '--rsync-path=sleep 60;', `${source}/`, 'h:/tmp/never'];
    const signal = AbortSignal.timeout(200);
    await expect(run(argv, { signal, onRemoteStderr: () => {} })).rejects.toMatchObject({
      exitCode: 20,
    });
  });
});

describe('to a daemon', () => {
  const withDaemon = async (use: (url: string, port: number) => Promise<void>): Promise<void> => {
    writeFileSync(at('secrets'), 'alice:wonderland\n');
    chmodSync(at('secrets'), 0o600);
    await using daemon = await realDaemon(
      {
        pub: { path: source },
        up: { path: at('up'), 'read only': 'no' },
        auth: { path: source, 'auth users': 'alice', 'secrets file': at('secrets') },
      },
      { 'munge symlinks': 'no' },
    );
    await use(daemon.url, daemon.port);
  };

  test('list, pull, push, password', async () => {
    await run(['-a', `${source}/`, at('up')]);
    await withDaemon(async (url, port) => {
      const events: TransferEvent[] = [];
      await run([url], { onEvent: (event) => events.push(event) });
      expect(events).toEqual(
        ['pub', 'up', 'auth'].map((name) => ({
          kind: 'message',
          level: 'info',
          origin: 'remote',
          text: `${name.padEnd(15)}\t\n`,
        })),
      );
      await run(['-a', `--port=${port}`, '127.0.0.1::pub', at('tcp')]);
      expect(compareTrees(source, at('tcp'))).toEqual([]);
      writeFileSync(at('up/a.txt'), 'changed');
      await run(['-a', '--ignore-times', `${source}/`, `${url}up/`]);
      expect(compareTrees(source, at('up'))).toEqual([]);
      await run(['-a', `${url}auth/`, at('auth')], { password: () => 'wonderland' });
      expect(compareTrees(source, at('auth'))).toEqual([]);
      await expect(run([`${url}auth/`], { password: 'wrong' })).rejects.toMatchObject({
        exitCode: 5,
        message: '@ERROR: auth failed on module auth',
      });
      await expect(run([`${url}nosuch/`])).rejects.toMatchObject({
        exitCode: 5,
        message: "@ERROR: Unknown module 'nosuch'",
      });
    });
  });

  test('a program instead of a connection', async () => {
    const config = at('rsyncd.conf');
    writeFileSync(config, `use chroot = no\n[m]\npath = ${source}\nuid = 0\ngid = 0\n`);
    const RSYNC_CONNECT_PROG = `rsync --server --daemon --config=${config} .`;
    await run(['-a', 'rsync://h/m/', at('program')], { env: { ...env, RSYNC_CONNECT_PROG } });
    expect(compareTrees(source, at('program'))).toEqual([]);
  });
});

test('through an HTTP proxy', async () => {
  await using daemon = await realDaemon({ m: { path: source } });
  // Whatever daemon is asked for, it is this one.
  const proxy = createServer((client) => {
    client.once('data', () => {
      const there = connect(daemon.port, '127.0.0.1', () => {
        client.write('HTTP/1.0 200 Connection established\r\n\r\n');
        client.pipe(there).pipe(client);
      });
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  const RSYNC_PROXY = `127.0.0.1:${port}`;
  await run(['-a', 'rsync://far.example/m/', at('proxied')], { env: { ...env, RSYNC_PROXY } });
  expect(compareTrees(source, at('proxied'))).toEqual([]);
  proxy.close();
});

test('what is no proxy', async () => {
  const proxied = run(['rsync://h/m'], { env: { RSYNC_PROXY: 'p' } });
  await expect(proxied).rejects.toMatchObject({ exitCode: 10, code: 'PROXY' });
});

test('a password file is for daemons', async () => {
  const local = run(['--password-file=x', source, at('x')]);
  await expect(local).rejects.toMatchObject({ exitCode: 1 });
});
