import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  compareTrees,
  makeTree,
  remoteShellScript,
  SMALL_TREE,
  temporaryDirectory,
} from '@deltawire/testkit';
import type { TransferEvent } from '@deltawire/transfer';
import { afterAll, expect, test } from 'vitest';
import { sync } from '../src/sync.ts';

const space = temporaryDirectory();
afterAll(() => space.remove());
const at = (name: string): string => space.join(name);
const source = at('src');
makeTree(source, SMALL_TREE);

test('await it for the result', async () => {
  const { exitCode, stats } = await sync(`${source}/`, at('one'), { archive: true });
  expect(exitCode).toBe(0);
  expect(stats.transferredFiles).toBe(2);
  expect(compareTrees(source, at('one'))).toEqual([]);
});

test('iterate it for its events', async () => {
  const kinds = new Set<TransferEvent['kind']>();
  for await (const event of sync([`${source}/`], at('two'), { archive: true })) {
    kinds.add(event.kind);
  }
  expect(kinds).toContain('item');
  expect(kinds).toContain('stats');
  expect(compareTrees(source, at('two'))).toEqual([]);
});

test('options are text', async () => {
  writeFileSync(join(source, 'w\u00fcrfel.txt'), '');
  await sync(`${source}/`, at('three'), { recursive: true, exclude: ['w\u00fc*', 'dir'] });
  await sync(`${source}/a.txt`, at('four/'), {});
  expect(compareTrees(at('three'), at('four'), { ignore: ['mtime'] })).toEqual([]);
});

test('mistakes reject', async () => {
  await expect(sync(source, at('x'), { arguments: ['--no-such-option'] })).rejects.toMatchObject({
    exitCode: 1,
  });
  await expect(sync('h:a', 'h:b')).rejects.toThrow('cannot both be remote');
});

test('iteration ends with the error', async () => {
  const iterate = async (): Promise<void> => {
    for await (const _ of sync('h:a', 'h:b')) {
      // Nothing happens before the mistake is found.
    }
  };
  await expect(iterate()).rejects.toThrow('cannot both be remote');
});

test('disposing stops it', async () => {
  const started = Date.now();
  {
    await using transfer = sync(`h:${source}/`, at('never'), {
      archive: true,
      rsh: remoteShellScript(space.path),
      rsyncPath: 'sleep 60;',
      onRemoteStderr: () => {},
    });
    expect(transfer).toBeDefined();
  }
  expect(Date.now() - started).toBeLessThan(10_000);
});
