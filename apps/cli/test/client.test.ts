import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { runProgram, startProgram } from './program.ts';
import { realRsync } from './real-rsync.ts';

function makeTree(root: string): void {
  mkdirSync(join(root, 's/d/e'), { recursive: true });
  writeFileSync(join(root, 's/a'), 'hello');
  writeFileSync(join(root, 's/big'), 'x'.repeat(100_000));
  writeFileSync(join(root, 's/d/x'), 'x');
  writeFileSync(join(root, 's/d/e/y\x01'), 'yy');
  symlinkSync('a', join(root, 's/l'));
  chmodSync(join(root, 's/d/x'), 0o600);
  utimesSync(join(root, 's/a'), 1e9, 1e9);
  utimesSync(join(root, 's'), 1e9, 1e9);
}

/** Bytes on the wire and times are not the same in two runs, even of one program. */
const comparable = (text: string): string =>
  text
    .replace(/^sent .* bytes\/sec$/m, 'sent N')
    .replace(/speedup is [\d.,]+/, 'speedup is N')
    .replace(/^(File list (generation|transfer) time|Total bytes \w+): .*$/gm, '$1: N')
    .replace(/ +[\d.]+.B\/s +\d+:\d\d:\d\d/g, ' RATE')
    .replaceAll(/ at \S+ \[[\w=.]+\]$/gm, ' at PLACE');

/**
 * What the receiving side says and what the sending side lists are printed by two tasks: only
 * within each is the order the same.
 */
const inAnyOrder = (text: string): string => text.split('\n').sort().join('\n');

/** The arguments of a job besides source and destination. */
const JOBS: readonly (readonly string[])[] = [
  ['-a'],
  ['-av'],
  ['-ai'],
  ['-avi', '--delete'],
  ['-avn'],
  ['-a', '--stats'],
  ['-a', '--stats', '-h'],
  ['-av', '--no-i-r'],
  ['-avv'],
  ['-aii'],
  ['-r'],
  ['-rlt', '--out-format=%i|%n|%L|%l|%o|%B|%M|%U|%G|%C'],
  ['-a', '--list-only'],
  ['-aq'],
  ['-v'],
  ['-dv'],
];

test.each(JOBS)(
  'a local copy, and a second one over edits, print what rsync prints: %j',
  (...args) => {
    using one = temporaryDirectory();
    using two = temporaryDirectory();
    for (const { path } of [one, two]) makeTree(path);
    const both = (): void => {
      const ours = runProgram(one.path, [...args, 's/', 't']);
      const real = realRsync(two.path, [...args, 's/', 't']);
      const twoTasks = args.some((arg) => /^-a?(vv|d)/.test(arg));
      const lines = twoTasks ? inAnyOrder : (text: string) => text;
      expect(lines(comparable(ours.stdout))).toBe(lines(comparable(real.stdout)));
      expect(comparable(ours.stderr)).toBe(comparable(real.stderr));
      expect(ours.status).toBe(real.status);
    };
    both();
    for (const { path } of [one, two]) {
      mkdirSync(join(path, 't/gone'), { recursive: true });
      writeFileSync(join(path, 't/gone/f'), '');
      rmSync(join(path, 't/a'), { force: true });
      writeFileSync(join(path, 's/d/x'), 'longer');
    }
    both();
  },
);

test('a missing source is an error line and exit code 23', () => {
  using directory = temporaryDirectory();
  makeTree(directory.path);
  const ours = runProgram(directory.path, ['-av', 'missing', 's/a', 't1']);
  const real = realRsync(directory.path, ['-av', 'missing', 's/a', 't2']);
  expect(comparable(ours.stderr)).toBe(comparable(real.stderr));
  expect(ours.status).toBe(23);
}, 20_000);

test('--json is one event a line, the last one a summary', () => {
  using directory = temporaryDirectory();
  makeTree(directory.path);
  const { stdout, status } = runProgram(directory.path, ['-a', '--json', 's/', 't']);
  expect(status).toBe(0);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { v: number; kind: string; exitCode?: number });
  expect(lines.every(({ v }) => v === 1)).toBe(true);
  expect(lines.filter(({ kind }) => kind === 'transferred').length).toBe(4);
  expect(lines.at(-1)).toMatchObject({ kind: 'summary', exitCode: 0 });

  const failed = runProgram(directory.path, ['-a', '--json', 'rsync://127.0.0.1:1/m/', 't']);
  expect(JSON.parse(failed.stdout.trimEnd().split('\n').at(-1)!)).toMatchObject({
    kind: 'error',
    exitCode: 10,
  });
}, 20_000);

test('SIGTERM ends a transfer with exit code 20 and leaves no temporary file', async () => {
  using directory = temporaryDirectory();
  mkdirSync(join(directory.path, 's'));
  mkdirSync(join(directory.path, 't'));
  writeFileSync(join(directory.path, 's/f'), randomFillSync(Buffer.alloc(2_000_000)));
  const child = startProgram(directory.path, ['-a', '--bwlimit=200', 's/', 't/']);
  let stderr = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const started = (): boolean => readdirSync(join(directory.path, 't')).length > 0;
  for (let i = 0; i < 100 && !started(); i++) await new Promise((r) => setTimeout(r, 50));
  expect(started()).toBe(true);
  child.kill('SIGTERM');
  const [status] = (await once(child, 'close')) as [number];
  expect(status).toBe(20);
  expect(stderr).toMatch(
    /^rsync error: received SIGINT, SIGTERM, or SIGHUP \(code 20\) at deltawire /,
  );
  expect(readdirSync(join(directory.path, 't'))).toEqual([]);
}, 20_000);

test('a remote shell that does not exist says what to do', () => {
  using directory = temporaryDirectory();
  const ours = runProgram(directory.path, ['-a', '-e', '/no/such/shell', 'h:s/', 't']);
  expect(ours.status).toBe(14);
  expect(ours.stderr).toContain('Failed to exec /no/such/shell: No such file or directory (2)');
  expect(ours.stderr).toMatch(/-e or RSYNC_RSH/);
}, 20_000);
