import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCommandLine } from '@deltawire/options';
import { temporaryDirectory } from '@deltawire/testkit';
import type { TransferEvent, TransferResult } from '@deltawire/transfer';
import { expect, test } from 'vitest';
import { createPrinter, type PrinterSetup } from '../../src/output/printer.ts';
import { entryOf } from '../entry.ts';
import { realRsync } from '../real-rsync.ts';

type Item = Extract<TransferEvent, { kind: 'item' }>;

const NO_KINDS = { regular: 0, directories: 0, symlinks: 0, devices: 0, specials: 0 };

function resultWith(bytesSent: number, bytesReceived: number, totalSize: number): TransferResult {
  return {
    exitCode: 0,
    stats: {
      protocol: 32,
      files: NO_KINDS,
      created: NO_KINDS,
      deleted: NO_KINDS,
      transferredFiles: 0,
      totalSize,
      transferredSize: 0,
      literalBytes: 0,
      matchedBytes: 0,
      listSize: 0,
      listBuildMs: 1,
      listTransferMs: 0,
      bytesSent,
      bytesReceived,
      requested: 0,
      signatures: { ahead: 0, hits: 0, waits: 0, misses: 0, inline: 0, bytes: 0, waitMs: 0 },
    },
  };
}

/** Print events as a local copy with these arguments would. */
function print(
  args: readonly string[],
  events: readonly TransferEvent[],
  result?: TransferResult,
  more: Partial<PrinterSetup> = {},
): { stdout: string; stderr: string } {
  const printed = { stdout: '', stderr: '' };
  const sink = (key: 'stdout' | 'stderr') => ({
    write: (bytes: string) => {
      printed[key] += bytes;
    },
    flush: async () => {},
  });
  const printer = createPrinter({
    options: parseCommandLine([...args, 's/', 't'], {}).options,
    sends: true,
    local: true,
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env: { LANG: 'C.UTF-8' },
    now: () => 0,
    ...more,
  });
  for (const event of events) printer.onEvent(event);
  if (result) printer.finish(result);
  else printer.abandon();
  return printed;
}

const list = (
  state: 'start' | 'progress' | 'done',
  incremental = true,
  files = 0,
): TransferEvent => ({
  kind: 'list',
  protocol: 32,
  direction: 'sending',
  incremental,
  state,
  files,
});

function makeTree(root: string): void {
  mkdirSync(join(root, 's/d'), { recursive: true });
  writeFileSync(join(root, 's/a'), 'hello');
  writeFileSync(join(root, 's/new\nline'), '1');
  writeFileSync(join(root, 's/d/x'), '22');
  symlinkSync('a', join(root, 's/l'));
  // Old enough that the copy's own time differs once something is done to it.
  utimesSync(join(root, 's'), 1e9, 1e9);
}

let ndx = 0;
const item = (root: string, name: string, iflags: number, xname?: string): Item => ({
  kind: 'item',
  ndx: ndx++,
  name,
  entry: entryOf(join(root, 's', name), name),
  iflags,
  basisType: 0x80,
  xname,
  direction: 'send',
});

/** The events of a first copy of the tree, in rsync's order. */
const firstCopy = (root: string): TransferEvent[] => [
  list('start'),
  list('done', true, 6),
  { kind: 'created-directory', path: 't' },
  item(root, '.', 0x6000),
  item(root, 'a', 0xa000),
  item(root, 'l', 0x6002),
  item(root, 'new\nline', 0xa000),
  item(root, 'd', 0x6000),
  item(root, 'd/x', 0xa000),
];

/** Numbers that say how long a transfer took, or how many bytes of it were overhead. */
const timeless = (text: string): string =>
  text.replace(/sent .*\n/, 'sent N\n').replace(/speedup is [\d.]+/, 'speedup is N');

test.each([
  ['-a'],
  ['-av'],
  ['-ai'],
  ['-avi'],
  ['-aq'],
  ['-aqi'],
  ['-a', '--info=name'],
  ['-a', '--info=flist,stats'],
  ['-avn'],
  ['-a', '--out-format=%o %n%L %l'],
  ['-a', '--out-format='],
  ['-av', '--no-v', '-v'],
])('a first copy prints what rsync prints: %j', (...args) => {
  using directory = temporaryDirectory();
  makeTree(directory.path);
  const real = realRsync(directory.path, [...args, 's/', 't']);
  const ours = print(args, firstCopy(directory.path), resultWith(100, 10, 9));
  expect(timeless(ours.stdout)).toBe(timeless(real.stdout));
  expect(ours.stderr).toBe(real.stderr);
});

test('rates and times aside, --progress prints what rsync prints', () => {
  using directory = temporaryDirectory();
  makeTree(directory.path);
  const real = realRsync(directory.path, ['-a', '--progress', 's/', 't']);
  const files = new Map([
    ['a', { size: 5, transferred: 1, toCheck: 4 }],
    ['new\nline', { size: 1, transferred: 2, toCheck: 2 }],
    ['d/x', { size: 2, transferred: 3, toCheck: 0 }],
  ]);
  const events = firstCopy(directory.path).flatMap((event): TransferEvent[] => {
    const file = event.kind === 'item' ? files.get(event.name) : undefined;
    if (!file || event.kind !== 'item') return [event];
    const { size, transferred, toCheck } = file;
    const progress = (final: boolean): TransferEvent => ({
      kind: 'progress',
      ndx: event.ndx,
      name: event.name,
      bytes: size,
      size,
      files: { transferred, toCheck, total: 6, listsComplete: true },
      totalBytes: size,
      totalSize: 9,
      final,
    });
    return [event, progress(false), progress(true)];
  });
  const rateless = (text: string): string => text.replace(/ +[\d.]+.B\/s +\d+:\d\d:\d\d/g, ' RATE');
  const ours = print(['-a', '--progress'], events);
  expect(rateless(ours.stdout)).toBe(rateless(real.stdout));
});

test.each([
  ['-av'],
  ['-ai'],
  ['-a', '--out-format=%n'],
  ['-a', '--out-format=%o %n'],
  ['-a', '--info=del'],
  ['-a'],
  ['-aq', '-i'],
])('deletions and attribute changes print what rsync prints: %j', (...args) => {
  using directory = temporaryDirectory();
  const root = directory.path;
  makeTree(root);
  realRsync(root, ['-a', 's/', 't']);
  mkdirSync(join(root, 't/gone'));
  writeFileSync(join(root, 't/gone/f'), '');
  realRsync('/', ['-a', '--chmod=D700,F600', `${root}/s/a`, `${root}/t/`]);
  realRsync('/', ['-a', '--chmod=D700', '-d', `${root}/s/d`, `${root}/t/`]);
  const real = realRsync(root, [...args, '--delete', 's/', 't']);
  const events: TransferEvent[] = [
    list('start'),
    { kind: 'delete', name: 'gone/f', isDirectory: false },
    { kind: 'delete', name: 'gone', isDirectory: true },
    item(root, '.', 0x0008),
    item(root, 'a', 0x0010),
    item(root, 'd', 0x0010),
  ];
  const ours = print([...args, '--delete'], events, resultWith(100, 10, 9));
  expect(timeless(ours.stdout)).toBe(timeless(real.stdout));
});

test.each([[['-a', '-ii']], [['-avv', '-i', '--info=misc0,flist0,stats0', '--debug=none']]])(
  'unchanged items print what rsync prints: %j',
  (args) => {
    using directory = temporaryDirectory();
    const root = directory.path;
    makeTree(root);
    realRsync(root, ['-a', 's/', 't']);
    const real = realRsync(root, [...args, 's/', 't']);
    const names = ['.', 'a', 'l', 'new\nline', 'd', 'd/x'];
    const ours = print(
      args,
      names.map((name) => item(root, name, 0)),
    );
    // What the delta code has to say at -vv is not an event of an item.
    expect(ours.stdout).toBe(real.stdout.replace(/^(delta-transmission|total: ).*\n/gm, ''));
  },
);

test('a new hard link names its leader', () => {
  using directory = temporaryDirectory();
  makeTree(directory.path);
  const link = item(directory.path, 'a', 0x7000, 'd/x');
  expect(print(['-aH', '-v'], [link]).stdout).toBe('a => d/x\n');
  expect(print(['-aH', '-i'], [link]).stdout).toBe('hf+++++++++ a => d/x\n');
});

test('%b, %c and %C are known after the data', () => {
  using directory = temporaryDirectory();
  makeTree(directory.path);
  const before = item(directory.path, 'a', 0xa000);
  const after: TransferEvent = {
    ...before,
    kind: 'transferred',
    literalBytes: 5,
    matchedBytes: 0,
    bytesSent: 48,
    bytesReceived: 16,
    checksum: Uint8Array.of(0xab, 0xcd),
    checksumName: 'xxh128',
  };
  const args = ['-a', '--out-format=%n %b %c %C'];
  expect(print(args, [before]).stdout).toBe('');
  expect(print(args, [before, after]).stdout).toBe('a 48 16 cdab\n');
  const md5 = { ...after, checksumName: 'md5' as const };
  expect(print(args, [before, md5]).stdout).toBe('a 48 16 abcd\n');
  // Without data rsync shows a digest of zeros.
  expect(print([...args, '-n'], [before]).stdout).toBe(`a 0 0 ${'00'.repeat(16)}\n`);
});

test.each([
  [['-av', '--no-i-r'], 6],
  [['-a', '--info=flist2', '--no-i-r'], 6],
  [['-a', '--info=flist2', '--no-i-r'], 251],
])('lists that are built before the transfer: %j', (args, count) => {
  using directory = temporaryDirectory();
  makeTree(directory.path);
  for (let i = 6; i < count; i++) writeFileSync(join(directory.path, `s/f${i}`), '');
  const { stdout } = realRsync(directory.path, [...args, 's/', 't']);
  const events = [
    list('start', false),
    list('progress', false, count - (count % 100)),
    list('done', false, count),
  ];
  const ours = print(args, events).stdout;
  expect(stdout.startsWith(ours)).toBe(true);
  expect(ours).toMatch(/(done|to consider)\n$/);
});

test('messages go where they belong, and names in them are escaped', () => {
  const message = (level: 'info' | 'warning' | 'error', text: string): TransferEvent => ({
    kind: 'message',
    level,
    origin: 'remote',
    text,
  });
  const events = [
    message('info', 'a\nb is uptodate\n'),
    message('warning', 'file has vanished: "x\x01"\n'),
    message('error', 'rsync: [sender] link_stat "y" failed\n'),
  ];
  expect(print(['-a'], events)).toEqual({
    stdout: 'a\\#012b is uptodate\n',
    stderr: 'file has vanished: "x\\#001"\nrsync: [sender] link_stat "y" failed\n',
  });
  expect(print(['-aq'], events).stdout).toBe('');
});

test('a line of progress is closed before anything else', () => {
  const progress: TransferEvent = {
    kind: 'progress',
    ndx: 1,
    name: 'a',
    bytes: 5,
    size: 5,
    files: { transferred: 1, toCheck: 0, total: 1, listsComplete: true },
    totalBytes: 5,
    totalSize: 5,
    final: true,
  };
  const { stdout } = print(['-a', '--info=progress2'], [progress], resultWith(1, 1, 1));
  expect(stdout).toMatch(/^\r {14}5 100% .* \(xfr#1, to-chk=0\/1\)\n$/);
});

test('--stats prints the block and the summary', () => {
  const { stdout } = print(['-a', '--stats'], [list('start')], resultWith(100, 10, 9));
  expect(stdout).toMatch(/^\nNumber of files: 0\n(?:.+\n)+\nsent 100 bytes {2}received 10 bytes/);
});

test('a list of modules has no summary', () => {
  expect(print(['-av', '--stats'], [], resultWith(100, 10, 9)).stdout).toBe('');
});
