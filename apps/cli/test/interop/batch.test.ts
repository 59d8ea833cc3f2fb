/** Batches that one program writes and the other one reads (docs/spec/data.md §11). */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { compareTrees, runProcess } from '@deltawire/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  expectEqualTrees,
  expectSuccess,
  PAIRINGS,
  Peers,
  PROTOCOLS,
  type Program,
} from './peers.ts';
import { editEveryKind, makeEveryKind } from './trees.ts';

const peers = new Peers();
afterAll(() => peers[Symbol.asyncDispose]());

const tree = (which: 'old' | 'new', protocol: number): string => peers.path(`${which}-${protocol}`);

beforeAll(() => {
  for (const protocol of PROTOCOLS) {
    makeEveryKind(tree('old', protocol), protocol);
    editEveryKind(tree('new', protocol), protocol);
  }
}, 60_000);

type How = 'local' | 'push' | 'pull';

let count = 0;

/** A destination like the old source, and room for a batch. */
async function oldCopy(protocol: number): Promise<string> {
  const directory = peers.path(`run-${count++}`);
  const command = [peers.programs.rsync, '-aH', `${tree('old', protocol)}/`, `${directory}/`];
  expectSuccess(await runProcess(command, {}));
  return directory;
}

async function check(
  { client: writer, server: reader }: { client: Program; server: Program },
  how: How,
  protocol: number,
  options: readonly string[],
  only = false,
): Promise<void> {
  const first = await oldCopy(protocol);
  const second = await oldCopy(protocol);
  const batch = `${first}.batch`;
  const all = ['-aH', '--delete', `--protocol=${protocol}`, ...options];
  const written = await peers.run({
    client: writer,
    server: reader,
    transport: how === 'local' ? 'local' : 'shell',
    direction: how === 'pull' ? 'pull' : 'push',
    options: [...all, `--${only ? 'only-' : ''}write-batch=${batch}`],
    source: `${tree('new', protocol)}/`,
    destination: first,
  });
  expectSuccess(written, '');
  expectEqualTrees(tree(only ? 'old' : 'new', protocol), first);
  const read = [peers.programs[reader], ...all, `--read-batch=${batch}`, second];
  expectSuccess(await runProcess(read, {}), '');
  expectEqualTrees(tree('new', protocol), second);
}

const MIXED = PAIRINGS.filter(({ client, server }) => client !== server);

describe.each(MIXED)('$client writes, $server reads', (pairing) => {
  test.each(PROTOCOLS)(
    'a local copy, protocol %i',
    (protocol) => check(pairing, 'local', protocol, []),
    60_000,
  );
  const cases: [How, string[], boolean][] = [
    ['push', [], false],
    ['pull', [], false],
    ['push', ['-z'], false],
    ['pull', ['-z', '--no-inc-recursive'], false],
    ['local', ['-z', '--inplace'], false],
    ['local', ['-c'], true],
    ['local', ['-AX'], false],
    ['pull', ['-AX'], true],
    ['push', ['-z'], true],
    ['pull', [], true],
  ];
  test.each(cases)(
    '%s, %j, nothing else is written: %s',
    (how, options, only) => check(pairing, how, 32, options, only),
    60_000,
  );
  test('protocol 28, pushed', () => check(pairing, 'push', 28, ['-z']), 60_000);
  test('protocol 28, pulled', () => check(pairing, 'pull', 28, []), 60_000);
});

/** A batch of an edited file and a new one, and a destination that it does not quite fit. */
async function otherDestination(program: Program, options: readonly string[]) {
  const directory = peers.path(`other-${count++}`);
  const path = (name: string): string => `${directory}/${name}`;
  for (const name of ['new', 'old', 'other']) mkdirSync(path(name), { recursive: true });
  writeFileSync(path('old/kept'), 'kept');
  writeFileSync(path('old/edited'), 'before');
  cpSync(path('old'), path('new'), { recursive: true, preserveTimestamps: true });
  writeFileSync(path('new/edited'), 'edited afterwards');
  writeFileSync(path('new/added'), 'added');
  // It has what was added, lacks what was kept, and the edited file is as it was.
  cpSync(path('new/added'), path('other/added'), { preserveTimestamps: true });
  cpSync(path('old/edited'), path('other/edited'), { preserveTimestamps: true });
  const all = ['-ai', '--no-inc-recursive'];
  const batch = path('batch');
  const real = [peers.programs.rsync, ...all];
  await runProcess([...real, `--write-batch=${batch}`, path('new/'), path('old/')], {});
  const command = [peers.programs[program], ...all, ...options, `--read-batch=${batch}`];
  const { code, output, errors } = await runProcess([...command, path('other/')], {});
  return { code, output, errors: errors.replace(/ at .*/, ''), directory: path('other') };
}

test.each([[[]], [['-n']], [['-v', '--delete']]])(
  'a batch that does not fit, %j',
  async (options) => {
    const { directory: mine, ...ours } = await otherDestination('deltawire', options);
    const { directory: reference, ...theirs } = await otherDestination('rsync', options);
    expect({ ...ours, output: evened(ours.output) }).toEqual({
      ...theirs,
      output: evened(theirs.output),
    });
    expect(ours.output).toContain('(Skipping batched update for "added")');
    expect(ours.errors).toContain('(No batched update for "kept")');
    expect(compareTrees(mine, reference, { ignore: ['mtime'] })).toEqual([]);
  },
);

/** Byte counts and rates are not the same twice. */
const evened = (output: string): string => output.replaceAll(/^(sent|total size) .*$/gm, '$1');

test('the script that applies a batch', async () => {
  const directory = peers.path(`script-${count++}`);
  mkdirSync(`${directory}/src`, { recursive: true });
  writeFileSync(`${directory}/src/file`, 'content');
  const scripts: string[] = [];
  for (const program of [peers.programs.deltawire, peers.programs.rsync]) {
    const words = [program, '-a', '-f', 'P x', '--exclude=*.o', '--delete', '--write-batch=b'];
    expectSuccess(await runProcess([...words, 'src/', "it's"], { cwd: directory }));
    scripts.push(readFileSync(`${directory}/b.sh`, 'utf8').replace(/^'[^']*' /, ''));
  }
  expect(scripts[0]).toBe(scripts[1]);
});
