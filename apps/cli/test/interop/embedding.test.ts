/** Client and daemon as libraries, in one process. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { sync } from '@deltawire/client';
import { createDaemon } from '@deltawire/daemon';
import { RsyncError } from '@deltawire/protocol';
import { makeTree, randomBytes, temporaryDirectory } from '@deltawire/testkit';
import type { TransferEvent } from '@deltawire/transfer';
import { expect, test } from 'vitest';
import { expectEqualTrees } from './peers.ts';
import { makeEveryKind } from './trees.ts';

test('push and pull, with events', async () => {
  using directory = temporaryDirectory();
  const source = directory.join('source');
  makeEveryKind(source, 32);
  mkdirSync(directory.join('module'));
  await using daemon = createDaemon({
    modules: { m: { path: directory.join('module'), readOnly: false } },
  });
  const { port } = await daemon.listen({ address: '127.0.0.1', port: 0 });
  const url = `rsync://127.0.0.1:${port}/m/`;

  const push = sync(`${source}/`, url, { archive: true, hardLinks: true, mungeLinks: false });
  const kinds = new Set<TransferEvent['kind']>();
  for await (const event of push) kinds.add(event.kind);
  const pushed = await push;
  expect(pushed.exitCode).toBe(0);
  expect([...kinds]).toEqual(expect.arrayContaining(['list', 'item', 'transferred', 'stats']));

  const events: TransferEvent[] = [];
  const pulled = await sync(url, directory.join('copy/'), {
    archive: true,
    hardLinks: true,
    onEvent: (event) => events.push(event),
  });
  expect(pulled.exitCode).toBe(0);
  expect(pulled.stats.transferredFiles).toBe(pushed.stats.transferredFiles);
  expectEqualTrees(source, directory.join('copy'));

  const again = await sync(`${source}/`, url, { archive: true, hardLinks: true });
  expect(again.stats.transferredFiles).toBe(0);
}, 30_000);

test('an abort signal ends a transfer and leaves nothing behind', async () => {
  using directory = temporaryDirectory();
  mkdirSync(directory.join('module'));
  mkdirSync(directory.join('copy'));
  writeFileSync(directory.join('module/big'), randomBytes(3_000_000));
  await using daemon = createDaemon({ modules: { m: { path: directory.join('module') } } });
  const { port } = await daemon.listen({ address: '127.0.0.1', port: 0 });
  const url = `rsync://127.0.0.1:${port}/m/`;
  const controller = new AbortController();
  const transfer = sync(url, directory.join('copy/'), {
    archive: true,
    bwlimit: 300,
    signal: controller.signal,
  });
  const failed = transfer.then(
    () => undefined,
    (error: unknown) => error,
  );
  for (let i = 0; i < 500 && readdirSync(directory.join('copy')).length === 0; i++) await sleep(10);
  expect(readdirSync(directory.join('copy'))).toHaveLength(1);
  controller.abort();
  const error = await failed;
  expect(error).toBeInstanceOf(RsyncError);
  expect(error).toMatchObject({ exitCode: 20 });
  expect(readdirSync(directory.join('copy'))).toEqual([]);
  for (let i = 0; i < 500 && daemon.connections > 0; i++) await sleep(10);
  expect(daemon.connections).toBe(0);
}, 30_000);

test('leaving the scope ends a transfer', async () => {
  using directory = temporaryDirectory();
  makeTree(directory.join('source'), { big: randomBytes(3_000_000) });
  mkdirSync(directory.join('copy'));
  {
    await using transfer = sync(directory.join('source/'), directory.join('copy/'), {
      archive: true,
      bwlimit: 300,
    });
    for (let i = 0; i < 500 && readdirSync(directory.join('copy')).length === 0; i++)
      await sleep(10);
    expect(transfer).toBeDefined();
  }
  expect(readdirSync(directory.join('copy'))).toEqual([]);
}, 30_000);

test('closing a daemon ends what it serves', async () => {
  using directory = temporaryDirectory();
  mkdirSync(directory.join('module'));
  writeFileSync(directory.join('module/big'), randomBytes(3_000_000));
  const daemon = createDaemon({ modules: { m: { path: directory.join('module') } } });
  const { port } = await daemon.listen({ address: '127.0.0.1', port: 0 });
  const transfer = sync(`rsync://127.0.0.1:${port}/m/`, directory.join('copy/'), {
    archive: true,
    bwlimit: 300,
  });
  const failed = transfer.then(
    () => undefined,
    (error: unknown) => error,
  );
  while (daemon.connections === 0) await sleep(10);
  await sleep(500);
  await daemon.close();
  expect(await failed).toMatchObject({ exitCode: expect.any(Number) as number });
  expect(readdirSync(directory.join('copy'))).toEqual([]);
}, 30_000);
