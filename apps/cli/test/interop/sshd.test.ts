/** Through a real sshd on the loopback interface, with keys and configuration of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { answers, findProgram, freePort, runProcess, temporaryDirectory } from '@deltawire/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectEqualTrees, expectSuccess, isRoot, Peers, ROUTES } from './peers.ts';
import { editEveryKind, makeEveryKind } from './trees.ts';

const peers = new Peers();
const directory = temporaryDirectory('interop-sshd-');
const sshd = startSshd();

afterAll(async () => {
  await (await sshd).stop();
  await peers[Symbol.asyncDispose]();
  directory.remove();
});

interface SshServer {
  /** Remote shell command for `-e`. */
  readonly shell: string;
  stop(): Promise<void>;
}

async function startSshd(): Promise<SshServer> {
  const program = findProgram('sshd', 'openssh-server');
  const ssh = findProgram('ssh', 'openssh-client');
  const keygen = findProgram('ssh-keygen', 'openssh-client');
  for (const name of ['host', 'user']) {
    execFileSync(keygen, ['-q', '-t', 'ed25519', '-N', '', '-f', directory.join(`${name}-key`)]);
  }
  // sshd as root insists on its privilege separation directory, which the system's own start makes.
  if (isRoot) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const port = await freePort();
  writeFileSync(
    directory.join('config'),
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${directory.join('host-key')}`,
      `AuthorizedKeysFile ${directory.join('user-key.pub')}`,
      'PidFile none',
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin yes',
      '',
    ].join('\n'),
  );
  const log = directory.join('log');
  const child = spawn(program, ['-D', '-f', directory.join('config'), '-E', log], {
    stdio: 'ignore',
  });
  const gone = new Promise<void>((resolve) => {
    child.on('error', () => resolve());
    child.on('exit', () => resolve());
  });
  if (!(await answers(port, gone))) throw new Error(`sshd: ${readFileSync(log, 'utf8')}`);
  const options = [
    `-p ${port}`,
    `-i ${directory.join('user-key')}`,
    '-F /dev/null',
    '-o BatchMode=yes',
    '-o StrictHostKeyChecking=no',
    '-o UserKnownHostsFile=/dev/null',
    '-o LogLevel=ERROR',
  ];
  return {
    shell: [ssh, ...options].join(' '),
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

describe.each(ROUTES)('$client $direction $server', ({ client, server, direction }) => {
  const source = peers.path(`${client}-${direction}-${server}-source`);
  const destination = peers.path(`${client}-${direction}-${server}-destination`);

  beforeAll(() => makeEveryKind(source, 32));

  async function run(...options: string[]): Promise<void> {
    const host = `${userInfo().username}@127.0.0.1`;
    const paths =
      direction === 'push'
        ? [`${source}/`, `${host}:${destination}`]
        : [`${host}:${source}/`, destination];
    const { shell } = await sshd;
    const remote = ['-e', shell, `--rsync-path=${peers.programs[server]}`];
    const command = [peers.programs[client], '-aHi', ...options, ...remote, ...paths];
    expectSuccess(
      await runProcess(command, { timeoutMs: 60_000 }),
      options.includes('-q') ? '' : undefined,
    );
    expectEqualTrees(source, destination);
  }

  test('copies, sends deltas, deletes', async () => {
    await run('-q');
    editEveryKind(source, 32);
    await run('--delete', '-q');
    await run('--delete');
  }, 120_000);
});

test('a host that refuses the key is a failure with the status of ssh', async () => {
  const { shell } = await sshd;
  const command = [
    peers.programs.deltawire,
    '-a',
    '-e',
    `${shell} -i /dev/null -o IdentitiesOnly=yes`,
  ];
  const result = await runProcess([
    ...command.map((word) => word.replace(` -i ${directory.join('user-key')}`, '')),
    `${userInfo().username}@127.0.0.1:/nowhere`,
    directory.join('x'),
  ]);
  expect(result.code).toBe(255);
  expect(result.errors).toContain('The remote shell could not reach');
}, 30_000);
