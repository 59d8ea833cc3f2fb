/** Parameters of a module one by one: both daemons must do the same with each. */
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { makeTree, runProcess, startDaemon } from '@deltawire/testkit';
import { afterAll, expect, test, vi } from 'vitest';
import { isRoot, Peers, type Program } from './peers.ts';

vi.setConfig({ testTimeout: 60_000 });

const peers = new Peers();
afterAll(() => peers[Symbol.asyncDispose]());

/** Modes and names of everything in a directory. */
function listing(directory: string): string[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'latin1' }).sort();
  return names.map((name) => {
    const { mode } = lstatSync(Buffer.from(`${directory}/${name}`, 'latin1'));
    return `${mode.toString(8)} ${name}`;
  });
}

interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
  readonly module: readonly string[];
  readonly copy: readonly string[];
  readonly side: string;
}

/**
 * Run each command against a daemon whose one module `m` has these parameters. ROOT, URL and COPY
 * in commands and parameters stand for the directory, the module and where to copy to.
 */
async function outcomes(
  server: Program,
  client: Program,
  parameters: string,
  commands: readonly string[],
): Promise<Outcome[]> {
  const root = peers.path(`parameters/${server}-${client}`);
  rmSync(root, { recursive: true, force: true });
  makeTree(`${root}/m`, {
    'a.txt': 'hello',
    run: '#!',
    'dir/b': 'world',
    'shut/in': 'x',
    out: { link: '../beside' },
  });
  makeTree(`${root}/beside`, { far: 'far', 'into/': null });
  makeTree(`${root}/source`, { new: 'new', 'tool.sh': '#!', 'sub/deep': 'deep' });
  for (const [path, mode] of [
    ['m/a.txt', 0o644],
    ['m/run', 0o755],
    ['m/shut/in', 0o600],
    ['m/shut', 0o700],
    ['source/tool.sh', 0o755],
    ['source/new', 0o640],
  ] as const) {
    chmodSync(`${root}/${path}`, mode);
  }
  for (const path of [peers.path(), peers.path('parameters'), root]) chmodSync(path, 0o755);
  const fill = (text: string): string => text.replaceAll('ROOT', root);
  const config = `use chroot = no\nreverse lookup = no\n[m]\npath = ${root}/m\n${fill(parameters)}\n`;
  await using daemon = await startDaemon([peers.programs[server]], config);
  const results: Outcome[] = [];
  for (const [i, text] of commands.entries()) {
    const copy = `${root}/copy${i}`;
    mkdirSync(copy);
    const filled = fill(text).replaceAll('URL', `${daemon.url}m/`).replaceAll('COPY', copy);
    const { code, output, errors } = await runProcess([
      peers.programs[client],
      ...filled.split(' '),
    ]);
    const clean = (said: string): string =>
      said.replaceAll(root, 'ROOT').replaceAll(/ at \S+ \[(\w+)=[\w.]+\]/g, ' [$1]');
    results.push({
      code,
      output: clean(output),
      errors: clean(errors),
      module: listing(`${root}/m`),
      copy: listing(copy),
      side: '',
    });
  }
  const side = await said(
    `${root}/side`,
    commands.length * (parameters.match(/side/g) ?? []).length,
  );
  return [...results, { ...results[0]!, side: side.replaceAll(root, 'ROOT') }];
}

/** What hooks wrote, when all of them have. */
async function said(path: string, lines: number): Promise<string> {
  if (lines === 0) return '';
  const read = (): string => readFileSync(path, 'utf8');
  await expect.poll(() => read().split('\n').length - 1, { timeout: 5000 }).toBe(lines);
  return read().replaceAll(/RSYNC_PID=\d+/g, 'RSYNC_PID');
}

const WRITABLE = `read only = no\n${isRoot ? 'uid = 0\ngid = 0\n' : ''}`;
const hook = (name: string): string =>
  `${name} exec = echo ${name} $(id -u) $(env | grep ^RSYNC_ | sort) >> ROOT/side`;

test.each([
  [
    'insecure links',
    `${WRITABLE}insecure links = yes`,
    ['-r URLout/ COPY/', '-rL URL COPY/', '-t ROOT/source/new URLout/into/'],
  ],
  ['no insecure links', WRITABLE, ['-r URLout/ COPY/', '-t ROOT/source/new URLout/into/']],
  [
    'incoming chmod',
    `${WRITABLE}incoming chmod = D2775,F666`,
    ['-rti ROOT/source/ URLup/', '-rtii ROOT/source/ URLup/', '-rtpii ROOT/source/ URLup/'],
  ],
  [
    'incoming chmod, letters',
    `${WRITABLE}incoming chmod = g+w,o-rwx`,
    [
      '-rt ROOT/source/ URLup/',
      '-rtEii ROOT/source/ URLup/',
      '-a --chmod=u-w ROOT/source/new URLup/',
    ],
  ],
  ['incoming chmod that is none', `${WRITABLE}incoming chmod = frob`, ['-t ROOT/source/new URL']],
  [
    'outgoing chmod',
    'outgoing chmod = Dg-rx,F640',
    ['-r URL', '-a URL COPY/', '-a --chmod=o+r URL COPY/'],
  ],
  ['temp dir in the module', `${WRITABLE}temp dir = /dir`, ['-t ROOT/source/new URL']],
  [
    'temp dir that is missing',
    `${WRITABLE}temp dir = /none`,
    ['-t ROOT/source/new URL', '-t --temp-dir=dir ROOT/source/new URL'],
  ],
  ['temp dir below the destination', `${WRITABLE}temp dir = b`, ['-t ROOT/source/new URLdir/']],
  ['--mkpath', WRITABLE, ['-ti --mkpath ROOT/source/new URLx/y/z/']],
  [
    'hooks',
    `${WRITABLE}${['early', 'pre-xfer', 'post-xfer'].map(hook).join('\n')}`,
    ['-r URLa.txt URLdir COPY/', '-rt ROOT/source/ URLup/', 'URLnone'],
  ],
  [
    'charset',
    `${WRITABLE}charset = iso-8859-1`,
    [
      '-ti --iconv=utf8 ROOT/source/new URLnä',
      '-ti --iconv=utf8,koi8-r -s ROOT/source/new URLsö',
      '-ri --iconv=utf8 URL COPY/',
      '-ri -s --iconv=utf8 URLsö COPY/',
      '-ri URLn* COPY/',
    ],
  ],
  [
    'name converter',
    `${WRITABLE}name converter = while read -r line; do case $line in uid*) echo chief;; usr*) echo 1234;; *) echo; esac; done`,
    ['-a URL COPY/', '-ai --groupmap=*:0 ROOT/source/ URLup/'],
  ],
  ['a hook that fails first', `early exec = exit 3\n${hook('post-xfer')}`, ['-r URL COPY/']],
  [
    'a hook that fails',
    `${WRITABLE}pre-xfer exec = echo no; echo way; exit 3\n${hook('post-xfer')}`,
    ['-rt ROOT/source/ URL'],
  ],
])('%s', async (_, parameters, commands) => {
  const reference = await outcomes('rsync', 'rsync', parameters, commands);
  // Lines and hooks of processes that run at the same time have no order among them.
  const sorted = (text: string): string => text.split('\n').sort().join('\n');
  // A daemon that rejects may or may not have been heard before its connection is reset.
  const calm = (list: Outcome[]): Outcome[] =>
    list.map((o) => ({
      ...o,
      output: sorted(o.output),
      errors: sorted(o.errors.replaceAll(/^.*Connection reset by peer.*\n/gm, '')),
      side: sorted(o.side),
    }));
  for (const [server, client] of [
    ['deltawire', 'rsync'],
    ['deltawire', 'deltawire'],
    ['rsync', 'deltawire'],
  ] as const) {
    const ours = await outcomes(server, client, parameters, commands);
    expect({ server, client, ours: calm(ours) }).toEqual({ server, client, ours: calm(reference) });
  }
});

test.runIf(isRoot)('ignore nonreadable', async () => {
  const listed = async (server: Program): Promise<string> => {
    const commands = ['-r URL', 'URLshut'];
    const parameters = 'ignore nonreadable = yes\nuid = nobody\ngid = nogroup';
    const results = await outcomes(server, 'rsync', parameters, commands);
    return results
      .map(({ output, code }) => `${output}${code}`)
      .join('\n')
      .replaceAll(/ [\d/]+ [\d:]+ /g, ' ');
  };
  const reference = await listed('rsync');
  expect(await listed('deltawire')).toBe(reference);
  expect(reference).not.toContain('shut/in');
});
