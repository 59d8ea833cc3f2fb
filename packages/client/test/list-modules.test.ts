import { writeFileSync } from 'node:fs';
import { realDaemon, temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { listModules } from '../src/list-modules.ts';

test('lists the modules of a real daemon', async () => {
  using directory = temporaryDirectory();
  const motd = directory.join('motd');
  writeFileSync(motd, 'Welcome\n');
  await using daemon = await realDaemon(
    {
      pub: { path: '/', comment: 'public area' },
      'a very long module name': { path: '/' },
      x: { list: 'no' },
    },
    { 'motd file': motd },
  );
  expect(await listModules('127.0.0.1', { port: daemon.port })).toEqual({
    modules: [
      { name: 'pub', comment: 'public area' },
      { name: 'a very long module name', comment: '' },
    ],
    motd: ['Welcome', ''],
  });
});

test('nobody there is an error', async () => {
  await expect(listModules('127.0.0.1', { port: 1 })).rejects.toMatchObject({ exitCode: 10 });
});
