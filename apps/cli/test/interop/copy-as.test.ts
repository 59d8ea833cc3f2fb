import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import {
  deltawireCommand,
  findRsync,
  makeTree,
  remoteShellScript,
  runProcess,
  temporaryDirectory,
} from '@deltawire/testkit';
import { afterAll, expect, test } from 'vitest';
import { isRoot } from './peers.ts';

const home = temporaryDirectory('copy-as-');
afterAll(() => home.remove());
chmodSync(home.path, 0o755);
const shell = remoteShellScript(home.path);
makeTree(home.join('src'), { a: 'a\n', 'sub/b': 'b\n', secret: { content: 's\n', mode: 0o600 } });

/** What a run says and whose files there are then. */
async function outcome(program: readonly string[], words: readonly string[]): Promise<unknown> {
  rmSync(home.join('dst'), { recursive: true, force: true });
  mkdirSync(home.join('dst'));
  chownSync(home.join('dst'), 65_534, 65_534);
  const server = `--rsync-path=${program.join(' ')}`;
  const command = [...program, '-a', '-e', shell, server, ...words];
  const { code, errors } = await runProcess(command, { cwd: home.path });
  const owners = readdirSync(home.join('dst'), { recursive: true })
    .map(String)
    .sort()
    .map((name) => {
      const { uid, gid } = lstatSync(home.join('dst', name));
      return `${name} ${uid}:${gid}`;
    });
  // What the other side says of the one that is gone depends on which of them ends first.
  const lines = errors.split('\n').filter((line) => !/SIGUSR1|closed|code 12/.test(line));
  return { code, owners, errors: lines.map((line) => line.replace(/ at \S+ \[(\w+)=.*/, ' [$1]')) };
}

test.skipIf(!isRoot).each([
  ['--copy-as=nobody', 'src/', 'dst/'],
  ['--copy-as=nobody:daemon', 'src/', 'dst/'],
  ['--copy-as=65534:1', 'h:src/', 'dst/'],
  ['--copy-as=nobody', 'src/', 'h:dst/'],
  ['-M--copy-as=nobody', 'src/', 'h:dst/'],
  ['-M--copy-as=nobody', 'h:src/', 'dst/'],
  ['--copy-as=no-such-user', 'h:src/', 'dst/'],
  ['--copy-as=nobody:no-such-group', 'src/', 'h:dst/'],
  ['--copy-as=1234567', 'h:src/', 'dst/'],
])('%s %s %s', async (...words) => {
  const expected = await outcome([findRsync()], words);
  expect(await outcome(deltawireCommand(), words)).toEqual(expected);
});
