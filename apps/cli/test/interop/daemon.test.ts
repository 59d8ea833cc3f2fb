/** Both daemons with the same configuration and the same clients: they must behave alike. */
import { execFileSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  deltawireCommand,
  findProgram,
  makeTree,
  type ProcessResult,
  type RealDaemon,
  runProcess,
  startDaemon,
  temporaryDirectory,
} from '@deltawire/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  deltawireScript,
  expectEqualTrees,
  expectSuccess,
  isRoot,
  PAIRINGS,
  Peers,
  type Program,
} from './peers.ts';
import { startRelay } from './relay.ts';

// Each test is a dozen transfers.
vi.setConfig({ testTimeout: 60_000 });

const peers = new Peers();
const PROGRAMS: readonly Program[] = ['rsync', 'deltawire'];

const CONFIG = (root: string): string => `
motd file = ${root}/motd
munge symlinks = no
[pub]
path = ${root}/pub
comment = public area
[a module with a long name]
path = ${root}/pub
comment = spaces work
[hidden]
path = ${root}/pub
list = no
[up]
path = ${root}/up
read only = no
[drop]
path = ${root}/up
read only = no
write only = yes
[filtered]
path = ${root}/filtered
read only = no
filter = -_*.o
include = keep.bak
exclude = *.bak /private/ sub/secret
[excluding]
path = ${root}/filtered
exclude from = ${root}/excluded
[one]
path = ${root}/pub
max connections = 1
lock file = ${root}/lock
[closed]
path = ${root}/pub
hosts allow = 10.1.2.3 192.168.0.0/16
[denied]
path = ${root}/pub
hosts deny = 127.0.0.0/8
[mixed]
path = ${root}/pub
hosts allow = 127.0.0.1
hosts deny = *
[auth]
path = ${root}/pub
auth users = alice, bob:deny, carol:rw
secrets file = ${root}/secrets
read only = yes
[loose]
path = ${root}/pub
auth users = alice
secrets file = ${root}/loose-secrets
[refusing]
path = ${root}/up
read only = no
refuse options = delete checksum
[nowhere]
path = ${root}/does-not-exist
[munged]
path = ${root}/munged
read only = no
munge symlinks = yes
[clipped]
path = ${root}/clipped
read only = no
[logged]
path = ${root}/pub
transfer logging = yes
log format = %o %m %u %f %l
[hurried]
path = ${root}/pub
timeout = 1
`;

interface Served {
  readonly daemon: RealDaemon;
  readonly root: string;
}

const served = new Map<Program, Served>();
const at = (program: Program): Served => served.get(program)!;

beforeAll(async () => {
  for (const program of PROGRAMS) {
    const root = peers.path(program === 'rsync' ? 'with-rsync' : 'with-deltawire');
    prepare(root);
    const daemon = await startDaemon([peers.programs[program]], CONFIG(root));
    served.set(program, { daemon, root });
  }
}, 30_000);

afterAll(async () => {
  for (const { daemon } of served.values()) await daemon.stop();
  await peers[Symbol.asyncDispose]();
});

function prepare(root: string): void {
  makeTree(`${root}/pub`, { 'a.txt': 'hello', 'dir/b.txt': 'world', link: { link: 'a.txt' } });
  makeTree(`${root}/filtered`, {
    'x.o': 'object',
    'keep.bak': 'kept',
    'gone.bak': 'hidden',
    'private/p': 'hidden',
    'sub/private/q': 'shown',
    'sub/secret': 'hidden',
    'from-file': 'hidden',
    plain: 'shown',
  });
  for (const name of ['up', 'munged', 'clipped']) mkdirSync(`${root}/${name}`);
  writeFileSync(`${root}/motd`, 'Welcome\nto the daemon\n');
  writeFileSync(`${root}/excluded`, '# a comment\nfrom-file\n');
  writeFileSync(`${root}/secrets`, 'alice:wonderland\nbob:builder\ncarol:christmas\n', {
    mode: 0o600,
  });
  writeFileSync(`${root}/loose-secrets`, 'alice:wonderland\n', { mode: 0o644 });
}

interface Answer {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Run a client against a daemon; what differs between the two is made equal. */
async function ask(
  client: Program,
  server: Program,
  args: (url: string, root: string) => string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const { daemon, root } = at(server);
  const command = [peers.programs[client], ...args(daemon.url, root)];
  return normalized(await runProcess(command, { env }), server);
}

function normalized({ code, output, errors }: ProcessResult, server: Program): Answer {
  const clean = (text: string): string =>
    text
      .replaceAll(at(server).root, 'ROOT')
      .replaceAll(/ at \S+ \[(\w+)=[\w.]+\]/g, ' [$1]')
      .replaceAll(/^sent [\d,]+ bytes .*\n.*speedup.*\n/gm, '');
  return { code, output: clean(output), errors: clean(errors) };
}

/** All four pairs answer like the real one. */
async function expectAlike(
  args: (url: string, root: string) => string[],
  expected: Partial<Answer>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  for (const server of PROGRAMS) {
    for (const client of PROGRAMS) {
      const answer = await ask(client, server, args, env);
      expect({ client, server, ...answer }).toMatchObject({ client, server, ...expected });
    }
  }
}

const containing = (text: string) => expect.stringContaining(text) as string;

test('--sockopts', async () => {
  const list = 'SO_SNDBUF=70000,SO_SNDLOWAT=9,FOO,IPTOS_LOWDELAY=1 TCP_NODELAY';
  for (const [target, role] of [
    ['pub/', 'Receiver'],
    ['', 'Receiver'],
  ]) {
    await expectAlike((url) => [`--sockopts=${list}`, `${url}${target}`], {
      code: 0,
      errors: [
        `rsync: [${role}] failed to set socket option SO_SNDLOWAT: Protocol not available (92)`,
        'Unknown socket option FOO',
        'syntax error -- IPTOS_LOWDELAY does not take a value',
        '',
      ].join('\n'),
    });
  }
});

test('lists its modules behind the message of the day', async () => {
  const [name, comment] = ['pub'.padEnd(15), 'public area'];
  const lines = ['Welcome', 'to the daemon', '', `${name}\t${comment}`];
  lines.push('a module with a long name\tspaces work', `${'up'.padEnd(15)}\t`);
  await expectAlike((url) => [url], {
    code: 0,
    output: expect.stringMatching(new RegExp(`^${lines.join('\n')}\n`)) as string,
    errors: '',
  });
  for (const client of PROGRAMS) {
    const ours = await ask(client, 'deltawire', (url) => [url]);
    expect(ours).toEqual(await ask(client, 'rsync', (url) => [url]));
    expect(ours.output).not.toContain('hidden');
  }
  await expectAlike((url) => ['--no-motd', url], { code: 0, output: '' });
});

test('lists files', async () => {
  for (const args of [['--no-motd'], ['--no-motd', '-r'], ['--no-motd', '-nv', '-r']]) {
    const reference = await ask('rsync', 'rsync', (url) => [...args, `${url}pub/`]);
    await expectAlike((url) => [...args, `${url}pub/`], reference);
  }
});

describe('refuses', () => {
  test.each([
    ['an unknown module', 'nothing/', 5, "@ERROR: Unknown module 'nothing'"],
    ['a module without a directory', 'nowhere/', 5, '@ERROR: chdir failed'],
    ['a host that is not allowed', 'closed/', 5, '@ERROR: access denied to closed from'],
    ['a host that is denied', 'denied/', 5, '@ERROR: access denied to denied from'],
    ['to send from a module to write to', 'drop/', 1, 'ERROR: module is write only'],
  ])('%s', async (_, path, code, text) => {
    await expectAlike((url) => ['-r', `${url}${path}`, peers.path('refused')], {
      code,
      errors: containing(text),
    });
  });

  test('nobody who is allowed', async () => {
    await expectAlike((url) => ['--no-motd', `${url}mixed/a.txt`], { code: 0, errors: '' });
  });

  test('to receive in a module to read from', async () => {
    await expectAlike((url, root) => [`${root}/motd`, `${url}pub/`], {
      code: 1,
      errors: containing('ERROR: module is read only'),
    });
  });

  test('options', async () => {
    for (const [option, shown] of [
      ['--delete', '--delete'],
      ['--delete-after', '--delete'],
      ['-c', '--checksum (-c)'],
    ] as const) {
      await expectAlike((url, root) => ['-r', option, `${root}/pub/`, `${url}refusing/`], {
        code: 4,
        errors: containing(`The server is configured to refuse ${shown}`),
      });
    }
  });

  test('more connections than it may have', async () => {
    for (const server of PROGRAMS) {
      const { port } = at(server).daemon;
      const holder = connect(port, '127.0.0.1');
      let said = '';
      holder.on('data', (data: Buffer) => {
        said += data;
      });
      holder.write('@RSYNCD: 31.0 md5\none\n');
      for (let i = 0; i < 250 && !said.includes('OK'); i++) await sleep(20);
      for (const client of PROGRAMS) {
        const answer = await ask(client, server, (url) => ['--no-motd', `${url}one/`]);
        expect(answer.errors).toContain('@ERROR: max connections (1) reached -- try again later');
        expect(answer.code).toBe(5);
      }
      holder.destroy();
      let code: number | null = 5;
      for (let i = 0; i < 40 && code !== 0; i++) {
        await sleep(50);
        ({ code } = await ask('rsync', server, (url) => ['--no-motd', `${url}one/`]));
      }
      expect(code).toBe(0);
    }
  }, 30_000);

  test('to leave the module', async () => {
    for (const path of [
      'pub/../../secrets',
      'pub/../../../../../../etc/passwd',
      'pub//etc/passwd',
    ]) {
      await expectAlike((url) => ['-r', `${url}${path}`, peers.path('escaped/')], {
        code: 23,
        errors: containing('No such file or directory (2)'),
      });
    }
  });
});

describe('passwords', () => {
  const withUser = (user: string, path: string) => (url: string) => [
    '--no-motd',
    '-t',
    `${url.replace('//', `//${user}@`)}${path}`,
  ];

  test.each([
    ['alice', 'wonderland', 0],
    ['alice', 'wrong', 5],
    ['alice', '', 5],
    ['bob', 'builder', 5],
    ['mallory', 'wonderland', 5],
  ])('%s with "%s": %i', async (user, password, code) => {
    await expectAlike(
      withUser(user, 'auth/a.txt'),
      { code, ...(code === 0 ? {} : { errors: containing('@ERROR: auth failed on module auth') }) },
      { RSYNC_PASSWORD: password },
    );
  });

  test('from a file', async () => {
    const file = peers.path('password');
    writeFileSync(file, 'wonderland\nmore lines do not matter\n', { mode: 0o600 });
    const args = withUser('alice', 'auth/a.txt');
    await expectAlike((url) => [`--password-file=${file}`, ...args(url)], { code: 0, errors: '' });
  });

  test('a user with :rw may write where others read', async () => {
    for (const server of PROGRAMS) {
      for (const client of PROGRAMS) {
        const { daemon, root } = at(server);
        const url = daemon.url.replace('//', '//carol@');
        const command = [peers.programs[client], `${root}/motd`, `${url}auth/from-carol`];
        const env = { RSYNC_PASSWORD: 'christmas' };
        expectSuccess({ ...(await runProcess(command, { env })), errors: '' });
        expect(existsSync(`${root}/pub/from-carol`)).toBe(true);
        rmSync(`${root}/pub/from-carol`);
      }
    }
  });

  test('not from secrets that others may read; the log says why', async () => {
    await expectAlike(
      withUser('alice', 'loose/a.txt'),
      { code: 5, errors: containing('@ERROR: auth failed on module loose') },
      { RSYNC_PASSWORD: 'wonderland' },
    );
    for (const server of PROGRAMS) {
      expect(at(server).daemon.log()).toContain('secrets file must not be other-accessible');
    }
  });

  const DIGESTS = 'sha512 sha256 sha1 md5 md4';
  const choices = [
    ...DIGESTS.split(' ').map((digest) => ({
      what: digest,
      protocol: 32,
      to: DIGESTS.split(' ')
        .map((name) => (name === digest ? name : `no-${name}`))
        .join(' '),
    })),
    { what: 'md5, because nothing is offered', protocol: 31, to: undefined },
    { what: 'old md4, because nothing is offered', protocol: 29, to: undefined },
  ];
  const scenarios = choices.flatMap((choice) =>
    PAIRINGS.map((pairing) => ({ ...choice, ...pairing })),
  );
  test.each(scenarios)('$what: $client, $server', async ({ client, server, protocol, to }) => {
    const offer = (version: number): string => `@RSYNCD: ${version}.0 ${DIGESTS}`;
    await using relay = await startRelay(at(server).daemon.port, {
      replace:
        to === undefined
          ? [
              // Below protocol 32 a greeting without digests is allowed.
              { way: 'to-client', from: offer(32), to: '@RSYNCD: 31.0', times: 1 },
              { way: 'to-server', from: offer(protocol), to: `@RSYNCD: ${protocol}.0`, times: 1 },
            ]
          : [{ from: DIGESTS, to, times: 1 }],
    });
    const url = relay.url.replace('//', '//alice@');
    for (const [password, code] of [
      ['wonderland', 0],
      ['wrong', 5],
    ] as const) {
      const command = [peers.programs[client], `--protocol=${protocol}`, `${url}auth/a.txt`];
      const result = await runProcess(command, { env: { RSYNC_PASSWORD: password } });
      expect({ password, code: result.code }).toEqual({ password, code });
    }
    expect(relay.replaced).toBe(4);
  });
});

describe('filters', () => {
  test('what is hidden does not exist', async () => {
    for (const server of PROGRAMS) {
      for (const client of PROGRAMS) {
        const copy = peers.path(`filtered-${client}-${server}`);
        const answer = await ask(client, server, (url) => ['-a', `${url}filtered/`, copy]);
        expect(answer).toMatchObject({ code: 0, errors: '' });
        expect(readdirSync(copy, { recursive: true }).sort()).toEqual([
          'from-file',
          'keep.bak',
          'plain',
          'sub',
          'sub/private',
          'sub/private/q',
        ]);
        const list = await ask(client, server, (url) => ['--no-motd', `${url}excluding/`]);
        expect(list.output).toContain(' plain\n');
        expect(list.output).not.toContain('from-file');
      }
    }
    await expectAlike((url) => ['-r', `${url}filtered/gone.bak`, peers.path('none')], {
      code: 23,
      errors: containing(
        'link_stat "gone.bak" (in filtered) failed: No such file or directory (2)',
      ),
    });
  });

  test('what is hidden is not written and not deleted', async () => {
    const source = peers.path('to-be-filtered');
    makeTree(source, { 'new.o': 'x', 'keep.bak': 'x', plain: 'changed', 'private/new': 'x' });
    for (const server of PROGRAMS) {
      const results: unknown[] = [];
      for (const client of PROGRAMS) {
        const { root } = at(server);
        rmSync(`${root}/filtered`, { recursive: true });
        prepare(`${root}/again`);
        execFileSync('mv', [`${root}/again/filtered`, `${root}/filtered`]);
        rmSync(`${root}/again`, { recursive: true });
        const answer = await ask(client, server, (url) => [
          '-r',
          '--delete',
          `${source}/`,
          `${url}filtered/`,
        ]);
        expect(answer.code).toBe(23);
        expect(answer.errors).toContain('ERROR: daemon refused to receive file "new.o"');
        expect(answer.errors).toContain('ERROR: daemon refused to receive directory "private"');
        results.push(readdirSync(`${root}/filtered`, { recursive: true }).sort());
      }
      const expected = ['gone.bak', 'keep.bak', 'plain', 'private', 'private/p'];
      expected.push('sub', 'sub/secret', 'x.o');
      expect({ server, results }).toEqual({ server, results: [expected, expected] });
    }
  });
});

describe('symlinks', () => {
  const targets = { abs: '/etc/passwd', up: '../../x', in: 'dir/file', 'dir/up': '../../../y' };

  function links(root: string): Record<string, string> {
    return Object.fromEntries(Object.keys(targets).map((n) => [n, readlinkSync(`${root}/${n}`)]));
  }

  test.each(['munged', 'clipped'])('%s as the real daemon does, and back', async (module) => {
    const source = peers.path(`links-${module}`);
    makeTree(source, Object.fromEntries(Object.entries(targets).map(([n, link]) => [n, { link }])));
    const stored: unknown[] = [];
    for (const server of PROGRAMS) {
      for (const client of PROGRAMS) {
        const name = `from-${client}`;
        const { root } = at(server);
        const push = (url: string) => ['-a', `${source}/`, `${url}${module}/${name}`];
        expect(await ask(client, server, push)).toMatchObject({ code: 0, errors: '' });
        const back = peers.path(`${module}-${server}-${client}`);
        await ask(client, server, (url) => ['-a', `${url}${module}/${name}/`, back]);
        stored.push([links(`${root}/${module}/${name}`), links(back)]);
        const again = await ask(client, server, (url) => ['-i', '--no-motd', ...push(url)]);
        expect(again).toEqual({ code: 0, output: '', errors: '' });
      }
    }
    expect(stored.slice(1)).toEqual([stored[0], stored[0], stored[0]]);
    const [kept, sent] = stored[0] as [Record<string, string>, Record<string, string>];
    expect(kept.abs).toBe(module === 'munged' ? '/rsyncd-munged//etc/passwd' : 'etc/passwd');
    expect(sent.abs).toBe(module === 'munged' ? '/etc/passwd' : 'etc/passwd');
  });

  test('a link in the module leads nowhere else', async () => {
    for (const server of PROGRAMS) {
      const { root } = at(server);
      mkdirSync(`${root}/outside`, { recursive: true });
      symlinkSync(`${root}/outside`, `${root}/up/out`);
      for (const client of PROGRAMS) {
        const answer = await ask(client, server, (url, r) => [`${r}/motd`, `${url}up/out/planted`]);
        expect(answer.code).not.toBe(0);
        expect(readdirSync(`${root}/outside`)).toEqual([]);
      }
      rmSync(`${root}/up/out`);
    }
  });
});

test('the log has a line for everything', async () => {
  const lines: string[][] = [];
  for (const server of PROGRAMS) {
    const before = at(server).daemon.log().length;
    const copy = peers.path(`logged-${server}`);
    await ask('rsync', server, (url) => ['-a', `${url}logged/`, copy]);
    await ask('rsync', server, (url) => [`${url}nothing/x`, copy]);
    await ask('rsync', server, (url) => ['-a', `${url}pub/not-there`, copy]);
    const log = (): string => at(server).daemon.log().slice(before);
    for (let i = 0; i < 100 && !log().includes('code 23'); i++) await sleep(20);
    lines.push(
      log()
        .split('\n')
        .map((line) =>
          line
            .replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[\d+\] /, '')
            .replace(/ at \S+ \[sender=[^\]]*\]/, ' [sender]')
            .replace(/^sent .* total size/, 'sent … total size'),
        ),
    );
  }
  expect(lines[1]).toEqual(lines[0]);
  expect(lines[0]).toContain('send logged  a.txt 5');
  expect(lines[0]).toContain("unknown module 'nothing' tried from UNDETERMINED (127.0.0.1)");
});

test('a module’s timeout holds for a client that says nothing', async () => {
  for (const server of PROGRAMS) {
    const socket = connect(at(server).daemon.port, '127.0.0.1');
    socket.on('error', () => {});
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.write('@RSYNCD: 31.0 md5\nhurried\n');
    socket.resume();
    await Promise.race([closed, sleep(20_000).then(() => Promise.reject(new Error(server)))]);
  }
}, 45_000);

test.runIf(isRoot)(
  'files belong to the module’s user',
  async () => {
    for (const server of PROGRAMS) {
      const { root } = at(server);
      const inbox = `${root}/inbox`;
      mkdirSync(inbox);
      chownSync(inbox, 1234, 1234);
      for (const directory of [peers.path(), root]) chmodSync(directory, 0o755);
      writeFileSync(`${root}/for-root`, 'secret', { mode: 0o600 });
      const modules = {
        inbox: { path: inbox, 'read only': 'no', uid: '1234', gid: '2345, 2346' },
        all: { path: root, uid: 'nobody', gid: 'nogroup' },
      };
      await using daemon = await startDaemon([peers.programs[server]], modules);
      for (const client of PROGRAMS) {
        const command = [
          peers.programs[client],
          '-a',
          `${root}/pub/`,
          `${daemon.url}inbox/${client}`,
        ];
        expectSuccess(await runProcess(command));
        const { uid, gid } = statSync(`${inbox}/${client}/a.txt`);
        expect({ uid, gid }).toEqual({ uid: 1234, gid: 2345 });
        const read = [peers.programs[client], `${daemon.url}all/for-root`, peers.path('read')];
        const result = await runProcess(read);
        expect(result.code).toBe(23);
        expect(result.errors).toContain('Permission denied (13)');
      }
    }
  },
  30_000,
);

test('a parameter that is not honoured is refused by name', async () => {
  const config = peers.path('refused.conf');
  writeFileSync(config, `daemonCHROOT = /srv\n[m]\npath = ${peers.path()}\n`);
  const args = ['--daemon', '--no-detach', `--config=${config}`, '--port=0'];
  const { code, errors } = await runProcess([peers.programs.deltawire, ...args]);
  expect(code).toBe(4);
  expect(errors).toContain('"daemon chroot"');
});

describe.each(PAIRINGS)('$client with $server', ({ client, server }) => {
  test('a daemon behind a remote shell', async () => {
    const config = peers.path(`shell-${client}-${server}.conf`);
    const root = at(server).root;
    const own = isRoot ? 'uid = 0\ngid = 0\n' : '';
    writeFileSync(config, `use chroot = no\n${own}[m]\npath = ${root}/pub\n`);
    const copy = peers.path(`shell-${client}-${server}`);
    const command = [
      ...[peers.programs[client], '-a', '-e', peers.shell],
      `--rsync-path=${peers.programs[server]} --config=${config}`,
    ];
    expectSuccess(await runProcess([...command, 'host::m/', copy]));
    expectEqualTrees(`${root}/pub`, copy);
    const list = await runProcess([...command, 'host::']);
    expect(list).toMatchObject({ code: 0, output: `${'m'.padEnd(15)}\t\n`, errors: '' });
    const unknown = await runProcess([...command, 'host::nothing/', copy]);
    expect(unknown.code).toBe(5);
    expect(unknown.errors).toContain("@ERROR: Unknown module 'nothing'");
    expect(unknown.errors).not.toContain('could not reach');
  });

  test('a user who is not root finds the program in PATH', async () => {
    using directory = temporaryDirectory('wrapper-');
    chmodSync(directory.path, 0o755);
    const bin = directory.join('bin');
    mkdirSync(bin);
    deltawireScript(bin);
    const source = directory.join('source');
    const copy = directory.join('copy');
    makeTree(source, { 'a/b': 'content', l: { link: 'a' } });
    mkdirSync(copy);
    if (isRoot) execFileSync('chown', ['-R', '65534:65534', source, copy]);
    const program = (who: Program): string =>
      who === 'deltawire' ? 'deltawire' : findProgram('rsync', 'rsync');
    const command = [
      ...(isRoot && isReadableByOthers() ? asNobody() : []),
      ...[client === 'deltawire' ? `${bin}/deltawire` : program(client)],
      ...['-a', '-e', peers.shell, `--rsync-path=${program(server)}`],
    ];
    const env = { PATH: `${bin}:${process.env.PATH}`, HOME: directory.path };
    chmodSync(peers.path(), 0o755);
    expectSuccess(await runProcess([...command, `${source}/`, `host:${copy}/push`], { env }));
    expectSuccess(await runProcess([...command, `host:${source}/`, `${copy}/pull`], { env }));
    expectEqualTrees(source, `${copy}/push`);
    expectEqualTrees(source, `${copy}/pull`);
  });
});

const asNobody = (): string[] => [
  findProgram('setpriv', 'util-linux'),
  '--reuid=65534',
  '--regid=65534',
  '--clear-groups',
];

/** Whether the checkout lies where other users can get. */
function isReadableByOthers(): boolean {
  const [program = ''] = deltawireCommand().slice(-1);
  accessSync(program, constants.R_OK);
  try {
    const [command = '', ...args] = [...asNobody(), 'test', '-r', program];
    execFileSync(command, args);
    return true;
  } catch {
    return false;
  }
}
