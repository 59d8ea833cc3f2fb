import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listModules } from '../src/list-modules.ts';
import { hasRsync, realDaemon, workspace } from './real-rsync.ts';

test.runIf(hasRsync)('lists the modules of a real daemon', async () => {
  const space = workspace();
  const motd = join(space.path, 'motd');
  writeFileSync(motd, 'Welcome\n');
  const daemon = await realDaemon(
    space.path,
    `motd file = ${motd}\n[pub]\npath = /\ncomment = public area\n` +
      '[a very long module name]\npath = /\n[x]\nlist = no\n',
  );
  try {
    expect(await listModules('127.0.0.1', { port: daemon.port })).toEqual({
      modules: [
        { name: 'pub', comment: 'public area' },
        { name: 'a very long module name', comment: '' },
      ],
      motd: ['Welcome', ''],
    });
  } finally {
    await daemon.stop();
    space.remove();
  }
});

test('nobody there is an error', async () => {
  await expect(listModules('127.0.0.1', { port: 1 })).rejects.toMatchObject({ exitCode: 10 });
});
