/*
 * What a daemon's module hides stays hidden whatever part of the module a client names: a rule for
 * /dir/secret must hold for a transfer of dir/ as well (docs/spec/data.md §12.7).
 */

import { createDaemonFilter } from '@deltawire/filters';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  makeTree,
  type TemporaryDirectory,
  type TreeSpec,
  temporaryDirectory,
} from '../../testkit/src/index.ts';
import {
  connectionPair,
  DEFAULT_TRANSFER_OPTIONS,
  runClient,
  runServer,
  type TransferEvent,
  type TransferOptions,
} from '../src/index.ts';
import { listTree } from './scripted-peer.ts';

const options: TransferOptions = {
  ...DEFAULT_TRANSFER_OPTIONS,
  recursive: true,
  times: true,
  ignoreTimes: true,
};

let dir: TemporaryDirectory;
beforeEach(() => {
  dir = temporaryDirectory();
  makeTree(dir.join('module'), {
    'dir/secret': 'secret',
    'dir/sub/key': 'secret',
    'dir/open': 'open',
  });
});
afterEach(() => dir.remove());

interface Done {
  readonly exitCode: number;
  readonly texts: string;
}

async function transfer(
  path: string,
  exclude: string,
  push: TreeSpec | undefined,
  changed: Partial<TransferOptions> = {},
): Promise<Done> {
  const o = { ...options, ...changed };
  if (push !== undefined) makeTree(dir.join('local'), push);
  const [near, far] = connectionPair();
  const events: TransferEvent[] = [];
  const handshake = { kind: 'daemon', protocol: 32 } as const;
  const [client] = await Promise.allSettled([
    runClient(
      near,
      {
        role: push === undefined ? 'receiver' : 'sender',
        options: o,
        filters: [],
        sources: push === undefined ? [] : [`${dir.join('local')}/`],
        destination: push === undefined ? `${dir.join('local')}/` : '',
        requested: [path],
        handshake,
      },
      { onEvent: (event) => events.push(event) },
    ),
    runServer(far, {
      options: { ...o, sender: push === undefined, clientInfo: '.iLsfxCIvu' },
      paths: [path],
      handshake,
      daemon: {
        moduleRoot: dir.join('module'),
        moduleName: 'm',
        readOnly: false,
        filter: createDaemonFilter({ exclude }, () => undefined),
      },
    }),
  ]);
  const texts = events.flatMap((event) => (event.kind === 'message' ? [event.text] : [])).join('');
  if (client.status === 'fulfilled') return { exitCode: client.value.exitCode, texts };
  return { exitCode: (client.reason as { exitCode: number }).exitCode, texts };
}

const rules = '/dir/secret /dir/sub';

test.each(['./', 'dir', 'dir/'])('a pull of %s does not get it', async (path) => {
  const { exitCode } = await transfer(path, rules, undefined);
  expect(exitCode).toBe(0);
  const names = Object.keys(listTree(dir.join('local')));
  expect(names.filter((name) => /secret|key/.test(name))).toEqual([]);
  expect(names.some((name) => name.endsWith('open'))).toBe(true);
});

test.each(['dir/secret', 'dir/sub', 'dir/sub/', 'dir/sub/key'])(
  'a pull of %s finds nothing',
  async (path) => {
    const { exitCode, texts } = await transfer(path, rules, undefined);
    expect(exitCode).toBe(23);
    expect(texts).toMatch(
      /^rsync: \[sender\] (link_stat|change_dir) "\S*" \(in m\) failed: No such file/,
    );
  },
);

test('a push into the directory does not overwrite it', async () => {
  const { exitCode, texts } = await transfer('dir/', rules, { secret: 'forged', open: 'new' });
  expect(exitCode).toBe(23);
  expect(texts).toContain('ERROR: daemon refused to receive file "secret"\n');
  const tree = listTree(dir.join('module/dir'));
  expect(tree).toMatchObject({ secret: 'secret', open: 'new' });
});

test('nor does a push of a directory that is hidden', async () => {
  const { exitCode, texts } = await transfer('dir/', rules, { 'sub/key': 'forged' });
  expect(exitCode).toBe(23);
  expect(texts).toContain('ERROR: daemon refused to receive directory "sub"\n');
  expect(listTree(dir.join('module/dir'))['sub/key']).toBe('secret');
});

test.each(['dir/', './'])('a push to %s does not delete it', async (path) => {
  const push: TreeSpec = path === './' ? { 'dir/new': '' } : { new: '' };
  const { exitCode } = await transfer(path, rules, push, { deleteMode: 'during' });
  expect(exitCode).toBe(0);
  expect(listTree(dir.join('module/dir'))).toEqual({
    new: '',
    secret: 'secret',
    sub: 'directory',
    'sub/key': 'secret',
  });
});

test.each(['dir/sub/', 'dir/secret'])('%s cannot be the destination', async (path) => {
  const { exitCode, texts } = await transfer(path, rules, { key: 'forged' });
  expect(exitCode).toBe(3);
  expect(texts).toContain(`ERROR: daemon has excluded destination "${path}"\n`);
  expect(listTree(dir.join('module/dir'))).toMatchObject({ 'sub/key': 'secret', secret: 'secret' });
});
