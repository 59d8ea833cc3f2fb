import { existsSync, readFileSync, rmSync } from 'node:fs';
import {
  deltawireCommand,
  findRsync,
  makeTree,
  remoteShellScript,
  runProcess,
  temporaryDirectory,
} from '@deltawire/testkit';
import { afterAll, expect, test } from 'vitest';

const home = temporaryDirectory('log-file-');
afterAll(() => home.remove());
const shell = remoteShellScript(home.path);
makeTree(home.join('src'), { a: 'a\n', 'sub/b': 'b\n', l: { link: 'a' } });

/** The log of a run, without what cannot be the same twice. */
async function logOf(
  program: readonly string[],
  words: readonly string[],
  own: readonly string[] = ['--log-file=log'],
): Promise<string[]> {
  rmSync(home.join('dst'), { recursive: true, force: true });
  makeTree(home.join('dst'), { x: 'x\n', 'gone/y': 'y\n' });
  rmSync(home.join('log'), { force: true });
  await runProcess([...program, ...own, ...words], { cwd: home.path });
  if (!existsSync(home.join('log'))) return [];
  const lines = readFileSync(home.join('log'), 'utf8').trimEnd().split('\n');
  return lines.map((line) =>
    line
      .replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[\d+\] /, 'TIME ')
      .replace(/sent [\d,]+ bytes {2}received [\d,]+ bytes/, 'sent N')
      .replace(/[\d.,]+ bytes\/sec|speedup is .*| at \S+ \[.*=.*/, 'N')
      .replace(/(?:File list (?:size|\w+ time)|Total bytes \w+): .*/, 'N'),
  );
}

test.each([
  ['-a', 'src/', 'dst/'],
  ['-av', '--delete', 'src/', 'dst/'],
  ['-ai', '--delete', '--stats', '--log-file-format=%o %f %l', 'src/', 'src/nope', 'dst/'],
  ['-an', '--delete', 'src/', 'dst/'],
  ['-aq', '--log-file-format=', 'src/', 'dst/'],
  ['-aii', '--log-file-format=%n', 'src/', 'dst/'],
  ['-avv', 'src/', 'dst/'],
  ['src/'],
  ['-a', '-e', shell, 'h:src/', 'dst/'],
  ['-a', '-e', shell, 'src/', 'h:dst/'],
])('%s %s %s', async (...words) => {
  const expected = await logOf([findRsync()], words);
  expect(expected.length).toBeGreaterThan(1);
  expect(await logOf(deltawireCommand(), words)).toEqual(expected);
});

test('a log that cannot be opened is told of, and the run goes on', async () => {
  const words = ['-a', '--log-file=/no/such/log', 'src/', 'dst/'];
  const { code, errors } = await runProcess([...deltawireCommand(), ...words], { cwd: home.path });
  expect(code).toBe(0);
  expect(errors).toBe(
    'rsync: [client] failed to open log-file /no/such/log: No such file or directory (2)\nIgnoring "log file" setting.\n',
  );
});

/** The same of a server, whose client is the real one. */
async function serverLogOf(server: readonly string[], words: readonly string[]): Promise<string[]> {
  return logOf(
    [findRsync(), `--rsync-path=${server.join(' ')}`, '-e', shell],
    ['-M--log-file=log', ...words],
    [],
  );
}

test.each(
  [
    ['-a'],
    ['-av', '--delete'],
    ['-aHii', '--delete-after'],
    ['-aHvv', '--delete-delay'],
    ['-ani', '--delete'],
    ['-rv'],
    ['-v'],
    ['-aq', '-M--log-file-format=%o %n %l %C %B %h %a %m %u %P x'],
    ['-a', '--delete', '-M--log-file-format=%i%I'],
    ['-a', '-M--log-file-format='],
    ['-as', '--stats'],
    ['-a', '--protocol=28', '--delete', '-v'],
  ].flatMap((options) => [
    [options.join(' '), [...options, 'src/', 'h:dst/']] as const,
    [options.join(' '), [...options, 'h:src/', 'h:nope', 'dst/']] as const,
    [options.join(' '), [...options, 'src/a', 'h:dst/x/']] as const,
  ]),
)('server: %s %s', async (_, words) => {
  const expected = await serverLogOf([findRsync()], words);
  expect(expected.length).toBeGreaterThan(1);
  expect(await serverLogOf(deltawireCommand(), words)).toEqual(expected);
});

test("a server's log that cannot be opened is told of", async () => {
  const words = ['-a', '-e', shell, '-M--log-file=/no/such/log', 'src/', 'h:dst/'];
  const path = `--rsync-path=${deltawireCommand().join(' ')}`;
  const { code, errors } = await runProcess([findRsync(), path, ...words], { cwd: home.path });
  expect(errors).toBe(
    'rsync: [server] failed to open log-file /no/such/log: No such file or directory (2)\nIgnoring "log file" setting.\n',
  );
  expect(code).toBe(0);
});
