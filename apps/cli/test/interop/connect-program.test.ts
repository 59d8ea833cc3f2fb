/** A daemon that the client starts itself, in place of a connection (RSYNC_CONNECT_PROG). */
import { mkdirSync, writeFileSync } from 'node:fs';
import { makeTree, runProcess } from '@deltawire/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import { expectEqualTrees, expectSuccess, PAIRINGS, Peers } from './peers.ts';

const peers = new Peers();
afterAll(() => peers[Symbol.asyncDispose]());

describe.each(PAIRINGS)('$client starts $server', ({ client, server }) => {
  const root = peers.path(`${client}-${server}`);
  const config = `${root}/conf`;
  makeTree(`${root}/module`, { 'a.txt': 'hello', 'dir/b.txt': 'world' });
  mkdirSync(`${root}/back`);
  writeFileSync(
    config,
    `use chroot = no\nuid = ${process.getuid?.()}\ngid = ${process.getgid?.()}\nlog file = ${root}/log
     [m]\npath = ${root}/module\ncomment = a module\nhosts allow = 127.0.0.1
     [back]\npath = ${root}/back\nread only = no\n`,
  );
  const env = { RSYNC_CONNECT_PROG: `${peers.programs[server]} --daemon --config=${config}` };
  const ask = (...args: string[]) =>
    runProcess([peers.programs[client], ...args], { env, timeoutMs: 30_000 });

  test('to see its modules', async () => {
    expectSuccess(await ask('localhost::'), 'm              \ta module\nback           \t\n');
  });

  test('to pull from it and push to it, from an address that it allows', async () => {
    expectSuccess(await ask('-a', 'rsync://localhost/m/', `${root}/pulled`));
    expectEqualTrees(`${root}/module`, `${root}/pulled`);
    expectSuccess(await ask('-a', `${root}/pulled/`, 'localhost::back'));
    expectEqualTrees(`${root}/module`, `${root}/back`);
  });

  test('and hears that there is no such module', async () => {
    const { code, errors } = await ask('-a', 'localhost::nope', `${root}/nope`);
    expect(code).toBe(5);
    expect(errors).toContain("@ERROR: Unknown module 'nope'");
  });
});
