import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TransferEvent } from '@deltawire/transfer';
import { afterAll, expect, test } from 'vitest';
import { sync } from '../src/sync.ts';
import { differences, hasRsync, workspace } from './real-rsync.ts';

const space = workspace();
afterAll(space.remove);
const { source } = space;
const at = (name: string): string => join(space.path, name);

test('await it for the result', async () => {
  const { exitCode, stats } = await sync(`${source}/`, at('one'), { archive: true });
  expect(exitCode).toBe(0);
  expect(stats.transferredFiles).toBe(2);
  expect(differences(source, at('one'))).toBe('');
});

test('iterate it for its events', async () => {
  const kinds = new Set<TransferEvent['kind']>();
  for await (const event of sync([`${source}/`], at('two'), { archive: true })) {
    kinds.add(event.kind);
  }
  expect(kinds).toContain('item');
  expect(kinds).toContain('stats');
  expect(differences(source, at('two'))).toBe('');
});

test('options are text', async () => {
  writeFileSync(join(source, 'w\u00fcrfel.txt'), '');
  await sync(`${source}/`, at('three'), { recursive: true, exclude: ['w\u00fc*', 'dir'] });
  await sync(`${source}/a.txt`, at('four/'), {});
  expect(differences(at('three'), at('four'))).toBe('');
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

test.runIf(hasRsync)('disposing stops it', async () => {
  const started = Date.now();
  {
    await using transfer = sync(`h:${source}/`, at('never'), {
      archive: true,
      rsh: space.rsh,
      rsyncPath: 'sleep 60;',
      onRemoteStderr: () => {},
    });
    expect(transfer).toBeDefined();
  }
  expect(Date.now() - started).toBeLessThan(10_000);
});
