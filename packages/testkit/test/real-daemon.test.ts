import { expect, test } from 'vitest';
import {
  compareTrees,
  findRsync,
  makeTree,
  realDaemon,
  remoteShellScript,
  runProcess,
  temporaryDirectory,
} from '../src/index.ts';

test('serves modules', async () => {
  using dir = temporaryDirectory();
  makeTree(dir.join('src'), { 'd/a': 'hello', l: { link: 'd/a' } });
  await using daemon = await realDaemon({ pub: { path: dir.join('src'), comment: 'a test' } });
  const pull = await runProcess([findRsync(), '-a', `${daemon.url}pub/`, dir.join('dst/')]);
  expect(pull).toMatchObject({ code: 0, errors: '' });
  expect(compareTrees(dir.join('src'), dir.join('dst'))).toEqual([]);
  expect(daemon.log()).toContain('pub');
});

test('a daemon that ends at once is an error', async () => {
  await expect(realDaemon({}, { address: '192.0.2.1' })).rejects.toThrow('did not start');
});

test('the remote shell runs the server here', async () => {
  using dir = temporaryDirectory();
  makeTree(dir.join('src'), { 'a b': 'x' });
  const shell = remoteShellScript(dir.path);
  const argv = [findRsync(), '-a', '-e', shell, `me@host:${dir.join('src')}/`, dir.join('dst/')];
  expect(await runProcess(argv)).toMatchObject({ code: 0, errors: '' });
  expect(compareTrees(dir.join('src'), dir.join('dst'))).toEqual([]);
});
