/**
 * Whatever goes wrong, the destination is the old file or the new one, no temporary file stays, and
 * the exit code is the one rsync has for it.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { findProgram, freePort, randomBytes, runProcess, startDaemon } from '@deltawire/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type Direction,
  expectSuccess,
  isRoot,
  PAIRINGS,
  type Pairing,
  Peers,
  ROUTES,
} from './peers.ts';
import { type RelayOptions, startRelay, type Way } from './relay.ts';

const peers = new Peers();
afterAll(() => peers[Symbol.asyncDispose]());

const { deltawire, rsync } = peers.programs;

/** Other files than these are left-overs. */
const OLD = Buffer.from('the old content\n'.repeat(1000));
const NEW = Buffer.from(randomBytes(3_000_000, 5));
const BASIS = Buffer.from(randomBytes(2_000_000, 6));

let count = 0;

interface Place {
  readonly name: string;
  readonly source: string;
  readonly destination: string;
}

/** A source with a new version of a file and a destination with the old one. */
function place(): Place {
  const name = `case-${count++}`;
  const source = peers.path(name, 'source');
  const destination = peers.path(name, 'destination');
  for (const directory of [source, destination]) mkdirSync(directory, { recursive: true });
  writeFileSync(`${source}/file`, NEW);
  writeFileSync(`${destination}/file`, OLD);
  return { name, source, destination };
}

const names = (directory: string): string[] => readdirSync(directory).sort();

async function until(what: string, condition: () => boolean, ms = 15_000): Promise<void> {
  for (const end = Date.now() + ms; !condition(); ) {
    if (Date.now() > end) throw new Error(`still not after ${ms} ms: ${what}`);
    await sleep(20);
  }
}

/** Only the old file is there, as soon as the side that received has noticed. */
async function expectOld({ destination }: Place): Promise<void> {
  await until('temporary files are gone', () => names(destination).join() === 'file');
  expect(readFileSync(`${destination}/file`).equals(OLD)).toBe(true);
}

function expectNew({ destination }: Place): void {
  expect(names(destination)).toEqual(['file']);
  expect(readFileSync(`${destination}/file`).equals(NEW)).toBe(true);
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; signal: string | null; errors: string }>;
}

function start(command: readonly string[]): Running {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  child.stdout.resume();
  const ended = new Promise<{ code: number | null; signal: string | null; errors: string }>(
    (resolve) => child.on('close', (code, signal) => resolve({ code, signal, errors })),
  );
  return { child, ended };
}

/** A remote shell that tells which process the server is. */
const shellWithPid = peers.path('shell-with-pid');
writeFileSync(
  shellWithPid,
  `#!/bin/sh\nwhile [ "$1" = -l ]; do shift 2; done\nhost=$1; shift\necho $$ > ${peers.path('pids')}/$host\nexec /bin/sh -c "exec $*"\n`,
  { mode: 0o755 },
);
mkdirSync(peers.path('pids'));

/** A transfer that takes some ten seconds, and has begun when this returns. */
async function startSlow(
  { client, server }: Pairing,
  direction: Direction,
  where: Place,
  options: readonly string[] = [],
): Promise<Running & { readonly serverPid: number }> {
  const { name, source, destination } = where;
  const paths =
    direction === 'push'
      ? [`${source}/`, `${name}:${destination}`]
      : [`${name}:${source}/`, destination];
  const running = start([
    peers.programs[client],
    '-rt',
    '--bwlimit=300',
    ...options,
    '-e',
    shellWithPid,
    `--rsync-path=${peers.programs[server]}`,
    ...paths,
  ]);
  await until('a temporary file appears', () => {
    const temporary = names(destination).find((file) => file.startsWith('.file.'));
    return temporary !== undefined && lstatSync(`${destination}/${temporary}`).size > 0;
  });
  return { ...running, serverPid: Number(readFileSync(`${peers.path('pids')}/${name}`, 'utf8')) };
}

describe.concurrent('signals', () => {
  const scenarios = ROUTES.flatMap((route) =>
    (['SIGINT', 'SIGTERM'] as const).map((signal) => ({ ...route, signal })),
  );

  test.each(scenarios.filter(({ client }) => client === 'deltawire'))(
    'the client gets $signal: $client $direction $server',
    async ({ signal, direction, ...pairing }) => {
      const where = place();
      const { child, ended } = await startSlow(pairing, direction, where);
      child.kill(signal);
      const { code, errors } = await ended;
      expect(code).toBe(20);
      expect(errors).toContain('(code 20)');
      await expectOld(where);
    },
    60_000,
  );

  test.each(scenarios.filter(({ server }) => server === 'deltawire'))(
    'the server gets $signal: $client $direction $server',
    async ({ signal, direction, ...pairing }) => {
      const where = place();
      const { serverPid, ended } = await startSlow(pairing, direction, where);
      process.kill(serverPid, signal);
      const { code } = await ended;
      // The end of the connection, or the status of the server's end.
      expect([12, 20]).toContain(code);
      await expectOld(where);
    },
    60_000,
  );

  test.each(ROUTES.filter(({ client, server }) => client !== server))(
    'the other side is killed: $client $direction $server',
    async ({ direction, ...pairing }) => {
      const where = place();
      const { child, serverPid, ended } = await startSlow(pairing, direction, where);
      const killsClient = pairing.server === 'deltawire';
      if (killsClient) child.kill('SIGKILL');
      else process.kill(serverPid, 'SIGKILL');
      const { code } = await ended;
      if (!killsClient) expect(code).not.toBe(0);
      // What was killed while it received cannot clean up, unless its other process does.
      const receiverLives = (direction === 'push') === killsClient;
      if (receiverLives) await expectOld(where);
      else {
        const found = readFileSync(`${where.destination}/file`);
        expect(found.equals(OLD) || found.equals(NEW)).toBe(true);
      }
    },
    60_000,
  );

  test.each(ROUTES.filter(({ server }) => server === 'deltawire'))(
    'the daemon gets SIGTERM: $client $direction $server',
    async ({ client, direction }) => {
      const where = place();
      await using daemon = await startDaemon([deltawire], {
        all: { path: peers.path(where.name), 'read only': 'no' },
      });
      const paths =
        direction === 'push'
          ? [`${where.source}/`, `${daemon.url}all/destination/`]
          : [`${daemon.url}all/source/`, `${where.destination}/`];
      const { ended } = start([peers.programs[client], '-rt', '--bwlimit=300', ...paths]);
      await until('a temporary file appears', () => names(where.destination).length > 1);
      await daemon.stop();
      const { code } = await ended;
      expect(code).not.toBe(0);
      await expectOld(where);
    },
    60_000,
  );

  test('SIGINT in a local copy', async () => {
    const where = place();
    const command = [deltawire, '-rt', '--bwlimit=300', `${where.source}/`, where.destination];
    const { child, ended } = start(command);
    await until('a temporary file appears', () => names(where.destination).length > 1);
    child.kill('SIGINT');
    expect((await ended).code).toBe(20);
    await expectOld(where);
  }, 60_000);

  test.each(ROUTES)(
    '--partial keeps what has arrived, and the next run goes on: $client $direction $server',
    async ({ direction, ...pairing }) => {
      const where = place();
      const { child, ended } = await startSlow(pairing, direction, where, ['--partial']);
      await sleep(1500);
      child.kill('SIGINT');
      expect((await ended).code).toBe(20);
      const file = `${where.destination}/file`;
      await until('the part has its name', () => {
        const found = readFileSync(file);
        return found.length > 100_000 && NEW.subarray(0, found.length).equals(found);
      });
      await until('temporary files are gone', () => names(where.destination).length === 1);
      const result = await peers.run({
        ...pairing,
        direction,
        transport: 'shell',
        options: ['-rt', '--stats', '--no-whole-file'],
        source: `${where.source}/`,
        destination: where.destination,
      });
      expectSuccess(result);
      expectNew(where);
      const matched = /Matched data: ([\d,]+)/.exec(result.output)?.[1]?.replaceAll(',', '');
      expect(Number(matched)).toBeGreaterThan(50_000);
    },
    60_000,
  );
});

/** Through a relay, with the daemon as the server. */
async function runThroughRelay(
  { client, server }: Pairing,
  direction: Direction,
  where: Place,
  relayOptions: (data: Way) => RelayOptions,
  options: readonly string[] = [],
) {
  const daemon = await peers.daemon(server);
  const data = direction === 'push' ? 'to-server' : 'to-client';
  await using relay = await startRelay(daemon.port, relayOptions(data));
  const remote = `${relay.url}all/${where.name}`;
  const paths =
    direction === 'push'
      ? [`${where.source}/`, `${remote}/destination/`]
      : [`${remote}/source/`, `${where.destination}/`];
  const result = await runProcess([peers.programs[client], '-rt', ...options, ...paths]);
  return { result, replaced: relay.replaced };
}

describe.concurrent('the connection', () => {
  test.each(ROUTES)(
    'breaks in a file: $client $direction $server',
    async ({ direction, ...pairing }) => {
      const where = place();
      const { result } = await runThroughRelay(pairing, direction, where, (way) => ({
        cutAfter: { way, bytes: 1_000_000 },
      }));
      expect([10, 12]).toContain(result.code);
      await expectOld(where);
    },
  );

  test.each(ROUTES)(
    'breaks, with --partial: $client $direction $server',
    async ({ direction, ...pairing }) => {
      const where = place();
      const cut = (way: Way): RelayOptions => ({ cutAfter: { way, bytes: 1_000_000 } });
      const { result } = await runThroughRelay(pairing, direction, where, cut, ['--partial']);
      expect([10, 12]).toContain(result.code);
      await until('temporary files are gone', () => names(where.destination).length === 1);
      const found = readFileSync(`${where.destination}/file`);
      expect(found.length).toBeGreaterThan(0);
      expect(NEW.subarray(0, found.length).equals(found)).toBe(true);
    },
  );

  test.each(ROUTES)(
    'stalls in the handshake: $client $direction $server',
    async ({ direction, ...pairing }) => {
      const where = place();
      // Behind the greeting, where nobody sends keep-alives yet.
      const stall = (): RelayOptions => ({ stallAfter: { way: 'to-client', bytes: 75 } });
      const { result } = await runThroughRelay(pairing, direction, where, stall, ['--timeout=2']);
      expect(result.code).toBe(30);
      const role = direction === 'push' ? 'sender' : 'Receiver';
      expect(result.errors).toMatch(
        new RegExp(`^\\[${role}\\] io timeout after \\d seconds -- exiting\n`),
      );
      expect(result.errors).toContain('timeout in data send/receive (code 30)');
      await expectOld(where);
    },
    30_000,
  );

  test.each(ROUTES.filter(({ direction }) => direction === 'push'))(
    'stalls in a file: $client $direction $server',
    async ({ direction, ...pairing }) => {
      const where = place();
      // More than the system keeps on its way.
      writeFileSync(`${where.source}/file`, Buffer.alloc(50_000_000, 'x'));
      const stall = (way: Way): RelayOptions => ({ stallAfter: { way, bytes: 1_000_000 } });
      const { result } = await runThroughRelay(pairing, direction, where, stall, ['--timeout=2']);
      expect(result.code).toBe(30);
      expect(result.errors).toMatch(/^\[sender\] io timeout after \d seconds -- exiting\n/);
      await expectOld(where);
    },
    30_000,
  );

  /** Content whose middle a relay can find. */
  const marked = Buffer.concat([NEW, Buffer.from('MARKED'), NEW.subarray(0, 1_000_000)]);
  const flip = (times: number) => (way: Way) => ({
    replace: [{ way, from: 'MARKED', to: 'BROKEN', times }],
  });

  test.each(ROUTES)(
    'corrupts a file once: $client $direction $server',
    async ({ direction, ...pairing }) => {
      const where = place();
      writeFileSync(`${where.source}/file`, marked);
      const { result, replaced } = await runThroughRelay(pairing, direction, where, flip(1), [
        '-i',
      ]);
      expect(replaced).toBe(1);
      expect(result.errors).toContain('failed verification -- update discarded (will try again).');
      expect(result.code).toBe(0);
      expect(names(where.destination)).toEqual(['file']);
      expect(readFileSync(`${where.destination}/file`).equals(marked)).toBe(true);
    },
  );

  test.each(ROUTES)(
    'corrupts a file each time: $client $direction $server',
    async ({ direction, ...pairing }) => {
      const where = place();
      writeFileSync(`${where.source}/file`, marked);
      writeFileSync(`${where.source}/other`, 'arrives');
      const { result } = await runThroughRelay(pairing, direction, where, flip(1000));
      expect(result.code).toBe(23);
      expect(result.errors).toContain('ERROR: file failed verification -- update discarded.');
      expect(names(where.destination)).toEqual(['file', 'other']);
      expect(readFileSync(`${where.destination}/file`).equals(OLD)).toBe(true);
    },
  );
});

describe.concurrent('files that change during the transfer', () => {
  test.each(ROUTES)(
    'the source shrinks: $client $direction $server',
    async ({ direction, ...pairing }) => {
      const where = place();
      const { ended } = await startSlow(pairing, direction, where, ['--bwlimit=1000', '-i']);
      truncateSync(`${where.source}/file`, 1_500_000);
      const { code, errors } = await ended;
      expect(code).toBe(23);
      expect(errors).toMatch(/read errors mapping ".*file".*: No data available \(61\)/);
      expect(errors).toContain('failed verification -- update discarded (will try again).');
      expect(names(where.destination)).toEqual(['file']);
      expect(readFileSync(`${where.destination}/file`).equals(NEW.subarray(0, 1_500_000))).toBe(
        true,
      );
    },
    60_000,
  );

  test.each(ROUTES)(
    'the source grows: $client $direction $server',
    async ({ direction, ...pairing }) => {
      const where = place();
      const { ended } = await startSlow(pairing, direction, where, ['--bwlimit=1000']);
      appendFileSync(`${where.source}/file`, 'more');
      expect(await ended).toMatchObject({ code: 0, errors: '' });
      expectNew(where);
    },
    60_000,
  );

  test.each(ROUTES)(
    'the basis changes: $client $direction $server',
    async ({ direction, ...pairing }) => {
      const where = place();
      // Most of the file can be taken from the basis, behind a part that takes its time.
      const content = Buffer.concat([NEW.subarray(0, 1_500_000), BASIS]);
      writeFileSync(`${where.source}/file`, content);
      writeFileSync(`${where.destination}/file`, BASIS);
      const { ended } = await startSlow(pairing, direction, where, [
        '--bwlimit=500',
        '--no-whole-file',
        '-i',
      ]);
      const changed = Buffer.from(BASIS).fill(0, 1_000_000, 1_100_000);
      writeFileSync(`${where.destination}/file`, changed);
      const { code, errors } = await ended;
      expect(errors).toContain('failed verification -- update discarded (will try again).');
      expect(code).toBe(0);
      expect(names(where.destination)).toEqual(['file']);
      expect(readFileSync(`${where.destination}/file`).equals(content)).toBe(true);
    },
    60_000,
  );

  test.each(ROUTES)(
    'the source vanishes: $client $direction $server',
    async ({ direction, ...pairing }) => {
      const where = place();
      writeFileSync(`${where.source}/later`, 'x');
      const { ended } = await startSlow(pairing, direction, where, ['--no-inc-recursive']);
      rmSync(`${where.source}/later`);
      const { code, errors } = await ended;
      // The request for the second file may have been answered already.
      expect([0, 24]).toContain(code);
      if (code === 24) expect(errors).toContain('file has vanished: "');
      expect(readFileSync(`${where.destination}/file`).equals(NEW)).toBe(true);
    },
    60_000,
  );
});

describe('the destination', () => {
  const prlimit = findProgram('prlimit', 'util-linux');

  test.each([
    ...ROUTES.filter(({ direction, client }) => direction === 'pull' && client === 'deltawire'),
  ])('takes no more: $client $direction $server', async ({ client, server }) => {
    const where = place();
    const command = await peers.command({
      client,
      server,
      direction: 'pull',
      transport: 'shell',
      options: ['-rt'],
      source: `${where.source}/`,
      destination: where.destination,
    });
    const result = await runProcess([prlimit, '--fsize=1000000', ...command]);
    expect(result.code).toBe(11);
    expect(result.errors).toMatch(/write failed on ".*file": File too large \(27\)/);
    await expectOld(where);
  });

  test.each(PAIRINGS.filter(({ server }) => server === 'deltawire'))(
    'takes no more: $client push $server',
    async ({ client }) => {
      const where = place();
      const limited = `'${prlimit} --fsize=1000000 ${deltawire}'`;
      const result = await runProcess([
        ...[
          peers.programs[client],
          '-rt',
          '-e',
          peers.shell,
          `--rsync-path=${limited.slice(1, -1)}`,
        ],
        ...[`${where.source}/`, `host:${where.destination}`],
      ]);
      expect(result.code).toBe(11);
      expect(result.errors).toMatch(/write failed on ".*file": File too large \(27\)/);
      await expectOld(where);
    },
  );

  /** Whether this root may mount; in a container it may not. */
  const canMount = isRoot && tryMount();
  function tryMount(): boolean {
    const target = peers.path('mount-test');
    mkdirSync(target);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', target], { stdio: 'ignore' });
      execFileSync('umount', [target]);
      return true;
    } catch {
      return false;
    }
  }

  test.runIf(canMount).each(ROUTES)(
    'is full: $client $direction $server',
    async ({ client, server, direction }) => {
      const where = place();
      rmSync(`${where.destination}/file`);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', where.destination]);
      try {
        writeFileSync(`${where.destination}/file`, OLD);
        const result = await peers.run({
          client,
          server,
          direction,
          transport: 'shell',
          options: ['-rt'],
          source: `${where.source}/`,
          destination: where.destination,
        });
        expect(result.code).toBe(11);
        expect(result.errors).toMatch(/write failed on ".*file": No space left on device \(28\)/);
        await expectOld(where);
      } finally {
        execFileSync('umount', [where.destination]);
      }
    },
  );

  const asNobody = isRoot
    ? [findProgram('setpriv', 'util-linux'), '--reuid=65534', '--regid=65534', '--clear-groups']
    : [];

  // Somebody else's: in a directory of its own rsync gives itself the permission.
  test.skipIf(!isRoot).each(PAIRINGS)(
    'may not be written: $client, $server',
    async ({ client, server }) => {
      const where = place();
      chmodSync(peers.path(), 0o755);
      const command = await peers.command({
        client,
        server,
        direction: 'pull',
        transport: 'shell',
        options: ['-r'],
        source: `${where.source}/`,
        destination: where.destination,
      });
      const result = await runProcess([...asNobody, ...command]);
      expect(result.code).toBe(23);
      expect(result.errors).toMatch(
        /mkstemp ".*\/\.file\.[A-Za-z0-9]{6}" failed: Permission denied \(13\)/,
      );
      await expectOld(where);
      // A destination that cannot even be made ends the run.
      const deeper = await runProcess([
        ...asNobody,
        ...command.slice(0, -1),
        `${where.destination}/new`,
      ]);
      expect(deeper.code).toBe(11);
      expect(deeper.errors).toMatch(/mkdir ".*destination\/new" failed: Permission denied \(13\)/);
    },
  );

  test.each(PAIRINGS)('a source may not be read: $client, $server', async ({ client, server }) => {
    const where = place();
    chmodSync(peers.path(), 0o755);
    writeFileSync(`${where.source}/secret`, 'x', { mode: 0o000 });
    mkdirSync(`${where.source}/closed`, { mode: 0o000 });
    writeFileSync(`${where.destination}/extra`, 'stays, because the list is not complete');
    if (isRoot) chownSync(where.destination, 65_534, 65_534);
    const command = await peers.command({
      client,
      server,
      direction: 'pull',
      transport: 'shell',
      options: ['-r', '--delete', '--no-inc-recursive'],
      source: `${where.source}/`,
      destination: where.destination,
    });
    const result = await runProcess([...asNobody, ...command]);
    expect(result.code).toBe(23);
    expect(result.errors).toMatch(/opendir ".*closed" failed: Permission denied \(13\)/);
    expect(result.errors).toMatch(/send_files failed to open ".*secret": Permission denied \(13\)/);
    expect(result.output).toContain('IO error encountered -- skipping file deletion');
    expect(readFileSync(`${where.destination}/file`).equals(NEW)).toBe(true);
    expect(existsSync(`${where.destination}/extra`)).toBe(true);
    chmodSync(`${where.source}/closed`, 0o755);
  });
});

describe('exit codes and messages', () => {
  /** The real program's exit code for the same call, and ours with its messages. */
  async function compare(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ code: number | null; errors: string }> {
    const target = peers.path(`x${count++}`);
    const real = await runProcess([rsync, ...args, target], { env });
    const ours = await runProcess([deltawire, ...args, target], { env });
    expect(ours.code).toBe(real.code);
    return { code: ours.code, errors: ours.errors };
  }

  test('the remote shell is not there', async () => {
    // The real program ends with 12 now and then: when it reads before its child is found dead.
    const { code, errors } = await runProcess([
      deltawire,
      '-a',
      '-e',
      '/no/such/shell',
      'host:/tmp/x',
      peers.path(`x${count++}`),
    ]);
    expect(code).toBe(14);
    expect(errors).toContain('Failed to exec /no/such/shell: No such file or directory (2)');
    expect(errors).toContain('name another remote shell with -e or RSYNC_RSH');
  });

  test('rsync is not there on the other side', async () => {
    const { code, errors } = await compare([
      '-a',
      '-e',
      peers.shell,
      '--rsync-path=/no/rsync',
      'h:/x',
    ]);
    expect(code).toBe(127);
    expect(errors).toContain('install rsync there, or name it with --rsync-path');
    expect(errors).toContain('rsync error: remote command not found (code 127)');
  });

  test('the remote shell says something else first', async () => {
    const shell = peers.path('talking-shell');
    writeFileSync(shell, '#!/bin/sh\necho Welcome to this machine\nsleep 1\n', { mode: 0o755 });
    const { code, errors } = await compare(['-a', '-e', shell, 'h:/x']);
    expect(code).toBe(2);
    expect(errors).toContain('is your shell clean?');
  });

  test('the source is not there', async () => {
    const { code, errors } = await compare(['-a', peers.path('not-there')]);
    expect(code).toBe(23);
    expect(errors).toMatch(/link_stat ".*not-there" failed: No such file or directory \(2\)/);
    for (const program of ['rsync', 'deltawire'] as const) {
      const remote = ['-e', peers.shell, `--rsync-path=${peers.programs[program]}`, 'h:/not/there'];
      expect((await compare(['-a', ...remote])).code).toBe(23);
    }
  });

  test.each(['rsync', 'deltawire'] as const)('a daemon refuses: %s', async (server) => {
    const { url } = await peers.daemon(server);
    const unknown = await compare(['-a', `${url}nothing/x`]);
    expect(unknown.code).toBe(5);
    expect(unknown.errors).toContain("@ERROR: Unknown module 'nothing'");
    expect((await compare(['-a', `${url}all/not/there`])).code).toBe(23);
  });

  test.each(['rsync', 'deltawire'] as const)('a daemon wants a password: %s', async (server) => {
    const secrets = peers.path(`secrets-${server}`);
    writeFileSync(secrets, 'alice:wonderland\n', { mode: 0o600 });
    await using daemon = await startDaemon([peers.programs[server]], {
      closed: { path: peers.path(), 'auth users': 'alice', 'secrets file': secrets },
      'ro-module': { path: peers.path() },
    });
    const url = daemon.url.replace('//', '//alice@');
    const wrong = await compare(['-a', `${url}closed/secrets-${server}`], { RSYNC_PASSWORD: 'no' });
    expect(wrong.code).toBe(5);
    expect(wrong.errors).toContain('@ERROR: auth failed on module closed');
    const right = await compare(['-a', `${url}closed/secrets-${server}`], {
      RSYNC_PASSWORD: 'wonderland',
    });
    expect(right).toEqual({ code: 0, errors: '' });
    writeFileSync(peers.path('open-password'), 'wonderland\n', { mode: 0o644 });
    const file = `--password-file=${peers.path('open-password')}`;
    const open = await compare(['-a', file, `${url}closed/secrets-${server}`]);
    expect(open.code).toBe(1);
    expect(open.errors).toContain('password file must not be other-accessible');
    const [real, ours] = await Promise.all(
      [rsync, deltawire].map((client) =>
        runProcess([client, '-a', secrets, `${daemon.url}ro-module/`]),
      ),
    );
    expect(ours!.code).toBe(real!.code);
    expect(ours!.errors).toContain('ERROR: module is read only');
  });

  test('nobody listens', async () => {
    const { code, errors } = await compare(['-a', `rsync://127.0.0.1:${await freePort()}/m/x`]);
    expect(code).toBe(10);
    expect(errors).toContain(
      'failed to connect to 127.0.0.1 (127.0.0.1): Connection refused (111)',
    );
  });

  test('the host is not known', async () => {
    const { code } = await compare(['-a', 'rsync://no-such-host.invalid/m/x']);
    expect(code).toBe(10);
  });

  test('nobody answers the connection: --contimeout', async () => {
    // A queue of one that nobody empties: the kernel drops what comes after.
    const worker = new Worker(
      `const { createServer } = require('node:net');
       const { parentPort } = require('node:worker_threads');
       const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
         parentPort.postMessage(server.address().port);
         setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
       });`,
      { eval: true },
    );
    const port = await new Promise<number>((resolve) => worker.once('message', resolve));
    const { connect } = await import('node:net');
    const fillers = Array.from({ length: 4 }, () =>
      connect(port, '127.0.0.1').on('error', () => {}),
    );
    await sleep(300);
    const { code, errors } = await compare([
      '-a',
      '--contimeout=1',
      `rsync://127.0.0.1:${port}/m/x`,
    ]);
    for (const filler of fillers) filler.destroy();
    await worker.terminate();
    expect(code).toBe(35);
    expect(errors).toContain('timeout waiting for daemon connection (code 35)');
  }, 30_000);

  test('something that is no daemon', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { code } = await compare(['-a', `rsync://127.0.0.1:${port}/m/x`]);
    server.close();
    expect(code).toBe(5);
  });

  test('mistakes in the command line', async () => {
    expect((await compare(['--no-such-option', '.'])).code).toBe(1);
    expect((await compare(['-a', 'a:b', 'c:d', 'e:f'])).code).toBe(1);
    expect((await compare(['-a', '--timeout=x', '.'])).code).toBe(1);
  });
});
