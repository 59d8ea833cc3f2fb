import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  compareTrees,
  makeTree,
  readAll,
  SMALL_TREE,
  temporaryDirectory,
} from '@deltawire/testkit';
import { connectionPair } from '@deltawire/transfer';
import { afterAll, describe, expect, test } from 'vitest';
import { createDaemon, type DaemonOptions } from '../src/server.ts';

const space = temporaryDirectory();
afterAll(() => space.remove());
const at = (name: string): string => space.join(name);
const source = at('src');
// Whole seconds: older protocols know no others.
makeTree(source, SMALL_TREE, { mtime: 1_500_000_000 });
const isRoot = process.getuid?.() === 0;
chmodSync(space.path, 0o755);
writeFileSync(at('secrets'), 'alice:wonderland\n');
chmodSync(at('secrets'), 0o600);

const rsync = async (...args: string[]): Promise<{ code: number; out: string; err: string }> => {
  try {
    const env = { ...process.env, RSYNC_PASSWORD: 'wonderland' };
    const { stdout, stderr } = await promisify(execFile)('rsync', args, { env });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
};

const config = (more = ''): string =>
  `address = 127.0.0.1\nport = 0\nlog file = ${at('log')}\nmunge symlinks = no\n${more}` +
  `[pub]\npath = ${source}\ncomment = public area\n` +
  `[up]\npath = ${at('up')}\nread only = no\n` +
  `[auth]\npath = ${source}\nauth users = alice\nsecrets file = ${at('secrets')}\n` +
  `[one]\npath = ${source}\nmax connections = 1\n` +
  `[refuse]\npath = ${source}\nread only = no\nrefuse options = compress delete\n` +
  `[slow]\npath = ${source}\ntimeout = 1\n`;

async function withDaemon(
  use: (url: string, port: number) => Promise<void>,
  o: DaemonOptions = {},
  more = '',
): Promise<void> {
  mkdirSync(at('up'), { recursive: true });
  await using daemon = createDaemon({ configText: config(more) }, o);
  const { port } = await daemon.listen();
  await use(`rsync://127.0.0.1:${port}`, port);
}

const ids = isRoot ? 'uid = 0\ngid = 0\n' : '';

describe.each(['inline', 'process'] as const)('the real client, %s', (isolation) => {
  test('list, pull, push, password, errors', async () => {
    await withDaemon(
      async (url) => {
        const list = await rsync(`${url}/`);
        expect(list.out).toContain('pub            \tpublic area\nup             \t\n');
        const copy = at(`copy-${isolation}`);
        expect((await rsync('-a', `${url}/pub/`, copy)).code).toBe(0);
        expect(compareTrees(source, copy)).toEqual([]);
        expect((await rsync('-a', `${source}/`, `${url}/up/${isolation}/`)).code).toBe(0);
        expect(compareTrees(source, at(`up/${isolation}`))).toEqual([]);
        const authed = at(`auth-${isolation}`);
        const login = url.replace('//', '//alice@');
        expect((await rsync('-a', `${login}/auth/`, authed)).code).toBe(0);
        expect(compareTrees(source, authed)).toEqual([]);
        expect(await rsync('-a', `${url.replace('//', '//bob@')}/auth/`, at('x'))).toMatchObject({
          code: 5,
          err: expect.stringContaining('@ERROR: auth failed on module auth\n'),
        });
        expect(await rsync('-a', `${source}/`, `${url}/pub/`)).toMatchObject({
          code: 1,
          err: expect.stringContaining('ERROR: module is read only\n'),
        });
        expect(await rsync('-a', '--delete', `${source}/`, `${url}/refuse/`)).toMatchObject({
          code: 4,
          err: expect.stringContaining('configured to refuse --delete\n'),
        });
        const globbed = at(`glob-${isolation}/`);
        expect((await rsync('-a', `${url}/pub/*.t?t`, `${url}/pub/../dir`, globbed)).code).toBe(0);
        expect(existsSync(`${globbed}a.txt`) && existsSync(`${globbed}dir/b.bin`)).toBe(true);
      },
      { isolation },
      ids,
    );
    const log = readFileSync(at('log'), 'latin1');
    expect(log).toMatch(/ rsync on auth\/ from alice@\S+ \(127\.0\.0\.1\)\n/);
    const totals = [
      ...log.matchAll(/ sent \d+ bytes {2}received \d+ bytes {2}total size (\d+)\n/g),
    ];
    expect(totals.length).toBeGreaterThan(2);
    expect(totals.map(([, size]) => Number(size))).not.toContain(0);
  }, 20_000);

  test('max connections, and places are given back', async () => {
    await withDaemon(
      async (url, port) => {
        const first = connect(port, '127.0.0.1');
        first.write('@RSYNCD: 32.0 md5\none\n');
        let said = '';
        first.on('data', (data: Buffer) => {
          said += data.toString();
        });
        for (let i = 0; i < 100 && !said.includes('OK'); i++) await sleep(20);
        expect(await rsync(`${url}/one/`)).toMatchObject({
          code: 5,
          err: expect.stringContaining('max connections (1) reached -- try again later'),
        });
        first.destroy();
        let code = 5;
        for (let i = 0; i < 20 && code !== 0; i++) code = (await rsync(`${url}/one/`)).code;
        expect(code).toBe(0);
      },
      { isolation },
      ids,
    );
  }, 20_000);
});

test('older protocols', async () => {
  await withDaemon(
    async (url) => {
      for (const protocol of [27, 28, 29, 30, 31]) {
        const copy = at(`p${protocol}`);
        const option = `--protocol=${protocol}`;
        expect((await rsync('-a', option, `${url}/pub/`, copy)).code).toBe(0);
        expect(compareTrees(source, copy)).toEqual([]);
      }
    },
    { isolation: 'inline' },
    ids,
  );
}, 20_000);

test.each([29, 30, 31, 32])(
  'a refused client that waits for names hears why, protocol %i',
  async (protocol) => {
    writeFileSync(at('src/list'), 'a.txt\n');
    await withDaemon(
      async (url) => {
        for (const [module, option, reason] of [
          ['refuse', '--delete', 'configured to refuse --delete'],
          ['pub', '--times', 'module is read only'],
        ] as const) {
          const listed = ['-r', option, `--protocol=${protocol}`, '--files-from=:list'];
          const { code, err } = await rsync(...listed, `${source}/`, `${url}/${module}/`);
          expect(err).toContain(reason);
          expect(err).toMatch(/rsync error: .* \[Receiver=deltawire\]/);
          // Below 31 the daemon cannot say how it ends.
          expect(code).toBe(protocol < 31 ? 12 : module === 'refuse' ? 4 : 1);
        }
      },
      { isolation: 'inline' },
      ids,
    );
  },
  20_000,
);

describe('deadlines', () => {
  test('a module with a timeout waits no longer for the arguments', async () => {
    await withDaemon(async (_url, port) => {
      const socket = connect(port, '127.0.0.1');
      socket.write('@RSYNCD: 32.0 md5\nslow\n');
      const started = Date.now();
      let said = '';
      for await (const chunk of socket) said += String(chunk);
      expect(said.endsWith('@RSYNCD: OK\n')).toBe(true);
      expect(Date.now() - started).toBeLessThan(4000);
    });
  });
});

test.runIf(isRoot)('root serves as the user of the module', async () => {
  mkdirSync(at('drop'));
  chmodSync(at('drop'), 0o777);
  const module = { path: at('drop'), readOnly: false, uid: 'nobody', gid: 'nogroup' };
  await using daemon = createDaemon({ modules: { drop: module } });
  const { port } = await daemon.listen({ port: 0, address: '127.0.0.1' });
  await rsync('-r', `${source}/a.txt`, `rsync://127.0.0.1:${port}/drop/`);
  const { uid, gid } = statSync(at('drop/a.txt'));
  expect([uid, gid]).toEqual([65534, 65534]);
});

test.runIf(isRoot)('serving as somebody else needs a process', async () => {
  const modules = { m: { path: source, uid: 'nobody' } };
  const daemon = createDaemon({ modules }, { isolation: 'inline' });
  await expect(daemon.listen({ port: 0 })).rejects.toMatchObject({ code: 'ISOLATION' });
});

test('handle() serves a connection that came some other way', async () => {
  await using daemon = createDaemon({ modules: { pub: { path: source, comment: 'c' } } });
  const [near, far] = connectionPair();
  const serving = daemon.handle(far);
  await near.write([Buffer.from('@RSYNCD: 32.0 md5\n\n')]);
  await near.end();
  expect(await readAll(near.input)).toContain('pub            \tc\n@RSYNCD: EXIT\n');
  await serving;
});

test('close ends connections that are waiting', async () => {
  const daemon = createDaemon({ modules: { pub: { path: source } } });
  const { port } = await daemon.listen({ port: 0, address: '127.0.0.1' });
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('data', resolve));
  expect(daemon.connections).toBe(1);
  await daemon.close();
  expect(daemon.connections).toBe(0);
});

test('a port that is taken, a pid file that cannot be', async () => {
  await using first = createDaemon({ modules: {}, pidFile: at('pid') });
  const { port } = await first.listen({ port: 0, address: '127.0.0.1' });
  expect(readFileSync(at('pid'), 'latin1')).toBe(`${process.pid}\n`);
  await using second = createDaemon({ modules: {} });
  await expect(second.listen({ port, address: '127.0.0.1' })).rejects.toMatchObject({
    exitCode: 10,
    message: expect.stringContaining('Address already in use'),
  });
  await using third = createDaemon({ modules: {}, pidFile: '/no/such/pid' });
  await expect(third.listen({ port: 0 })).rejects.toMatchObject({ exitCode: 11 });
  await first.close();
  expect(existsSync(at('pid'))).toBe(false);
});

test('a configuration file is read again for each connection', async () => {
  const file = at('live.conf');
  writeFileSync(file, `[a]\npath = ${source}\n`);
  const logged: string[] = [];
  await using daemon = createDaemon(
    { configFile: file },
    { isolation: 'inline', onLog: (line) => logged.push(line) },
  );
  const { port } = await daemon.listen({ port: 0, address: '127.0.0.1' });
  const list = async (): Promise<string> => (await rsync(`rsync://127.0.0.1:${port}/`)).out;
  expect(await list()).toContain('a     ');
  writeFileSync(file, `[b]\npath = ${source}\n`);
  expect(await list()).toContain('b     ');
  writeFileSync(file, 'daemon chroot = /x\n[c]\n');
  expect(await list()).toContain('b     ');
  expect(logged.join('\n')).toContain('"daemon chroot" is not honoured yet');
});
