import { linkSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { lstat } from '@deltawire/filesystem';
import { createFilter, parseDirectives } from '@deltawire/filters';
import { createDialect, type FileEntry } from '@deltawire/protocol';
import { expect, test } from 'vitest';
import { EntryMaker, type EntryRequest } from '../src/entry-maker.ts';
import { IdNames } from '../src/id-names.ts';
import { ScanLog } from '../src/scan-log.ts';
import type { ScanOptions } from '../src/scan-options.ts';
import { scanOptions } from './scan.ts';
import { temporaryDirectory } from './temporary-directory.ts';

interface Bench {
  readonly at: string;
  readonly messages: string[];
  readonly log: ScanLog;
  make(name: string, request?: Partial<EntryRequest>): FileEntry | undefined;
}

function bench(options: Partial<ScanOptions> = {}): Bench {
  const at = temporaryDirectory();
  const messages: string[] = [];
  const all = scanOptions({
    onMessage: ({ text }) => messages.push(text.replaceAll(at, '')),
    ...options,
  });
  const log = new ScanLog(all);
  const maker = new EntryMaker(all, log);
  let wireIndex = 1;
  const make: Bench['make'] = (name, request) =>
    maker.make({
      root: { prefix: `${at}/` },
      name,
      kind: 'child',
      scope: undefined,
      followLink: false,
      device: undefined,
      wireIndex: wireIndex++,
      ...request,
    })?.entry;
  return { at, messages, log, make };
}

test('describes a file', () => {
  const users = new IdNames((id) => `u${id}`);
  const { at, make } = bench({ userNames: users, inlineNames: true });
  writeFileSync(`${at}/f`, 'hello', { mode: 0o640 });
  utimesSync(`${at}/f`, 5, 7);
  const uid = lstat(`${at}/f`)?.uid;
  expect(make('f')).toMatchObject({
    name: 'f',
    size: 5,
    mode: 0o100640,
    mtime: 7,
    atime: 5,
    uid,
    userName: `u${uid}`,
    linkTarget: '',
    checksum: undefined,
    hardLink: undefined,
  });
  expect(make('f')?.userName).toBeUndefined();
});

test('names go into the tables when they do not travel in entries', () => {
  const users = new IdNames((id) => `u${id}`);
  const { at, make } = bench({ userNames: users });
  writeFileSync(`${at}/f`, '');
  expect(make('f')?.userName).toBeUndefined();
  expect(users.firstSight(lstat(`${at}/f`)?.uid ?? -1)).toBeUndefined();
});

test('sums and modes come from the caller', () => {
  const { at, make } = bench({
    checksumOf: (path, stat) => Uint8Array.of(path.length - at.length, stat.size),
    adjustMode: (mode, isDirectory) => (isDirectory ? 0o711 : mode | 0o111),
  });
  writeFileSync(`${at}/f`, 'abc', { mode: 0o640 });
  mkdirSync(`${at}/d`);
  symlinkSync('f', `${at}/l`);
  expect(make('f')).toMatchObject({ checksum: Uint8Array.of(2, 3), mode: 0o100751 });
  expect(make('d')).toMatchObject({ checksum: undefined, mode: 0o040711 });
  expect(make('l')).toMatchObject({ checksum: undefined, mode: 0o120777 });
});

test('hard links refer to the first one', () => {
  const { at, make } = bench({ hardLinks: true });
  writeFileSync(`${at}/a`, '');
  linkSync(`${at}/a`, `${at}/b`);
  expect(make('a')?.hardLink).toEqual({ kind: 'leader' });
  expect(make('b')?.hardLink).toEqual({ kind: 'follower', leader: 1 });
});

test('symlinks as they are, or as what they lead to', () => {
  const plant = ({ at }: Bench): void => {
    mkdirSync(`${at}/d`);
    writeFileSync(`${at}/d/f`, '');
    symlinkSync('d', `${at}/dir`);
    symlinkSync('d/f', `${at}/file`);
    symlinkSync('/etc', `${at}/out`);
    symlinkSync('gone', `${at}/broken`);
    symlinkSync('/gone', `${at}/brokenout`);
  };
  const typesOf = (options: Partial<ScanOptions>): [string[], string[]] => {
    const b = bench(options);
    plant(b);
    const names = ['dir', 'file', 'out', 'broken', 'brokenout'];
    const types = names.map((name) => (b.make(name)?.mode ?? 0) >> 12);
    return [types.map((type) => type.toString(8)), b.messages];
  };
  expect(typesOf({})).toEqual([['12', '12', '12', '12', '12'], []]);
  expect(typesOf({ copyLinks: true })).toEqual([
    ['4', '10', '4', '0', '0'],
    ['symlink has no referent: "/broken"', 'symlink has no referent: "/brokenout"'],
  ]);
  expect(typesOf({ copyDirlinks: true })[0]).toEqual(['4', '12', '4', '12', '12']);
  expect(typesOf({ copyUnsafeLinks: true })).toEqual([
    ['12', '12', '4', '12', '0'],
    [
      'copying unsafe symlink "out" -> "/etc"',
      'copying unsafe symlink "brokenout" -> "/gone"',
      'symlink has no referent: "/brokenout"',
    ],
  ]);
});

test('targets are left out without --links and unmunged for a daemon', () => {
  const plain = bench({ links: false });
  symlinkSync('x', `${plain.at}/l`);
  expect(plain.make('l')).toMatchObject({ mode: 0o120777, linkTarget: '' });
  const munged = bench({ mungeLinks: true });
  symlinkSync('/rsyncd-munged//etc/x', `${munged.at}/l`);
  expect(munged.make('l')?.linkTarget).toBe('/etc/x');
});

test('other file systems: an empty directory, or nothing', () => {
  for (const [oneFileSystem, expected] of [
    [1, true],
    [2, undefined],
  ] as const) {
    const at = temporaryDirectory();
    mkdirSync(`${at}/d`);
    const options = scanOptions({ oneFileSystem });
    const maker = new EntryMaker(options, new ScanLog(options));
    const made = maker.make({
      root: { prefix: `${at}/` },
      name: 'd',
      kind: 'child',
      scope: undefined,
      followLink: false,
      device: -1n,
      wireIndex: 1,
    });
    expect(made?.isMountPoint).toBe(expected);
  }
});

test('filter rules decide, but not about `.` and implied directories', () => {
  const { at, make } = bench();
  mkdirSync(`${at}/d`);
  writeFileSync(`${at}/f.o`, '');
  const rules = parseDirectives(
    [
      { kind: 'exclude', pattern: '*.o' },
      { kind: 'exclude', pattern: 'd' },
    ],
    {
      readFile: () => undefined,
    },
  );
  const scope = createFilter(rules, {
    side: 'sender',
    deleteExcluded: false,
    readMergeFile: () => undefined,
    rootPath: at,
  });
  expect(make('f.o', { scope })).toBeUndefined();
  expect(make('d', { scope })).toBeUndefined();
  expect(make('d', { scope, kind: 'implied' })?.name).toBe('d');
  expect(make('.', { scope })?.name).toBe('.');
});

test('what vanished or cannot be named is told', () => {
  const { make, messages, log } = bench();
  expect(make('gone')).toBeUndefined();
  expect(log.ioError).toBe(2);
  expect(make('n'.repeat(4096))).toBeUndefined();
  expect(log.ioError).toBe(3);
  expect(messages).toEqual([
    'file has vanished: "/gone"',
    `filename overflows max-path len by 1: ${'n'.repeat(4096)}`,
  ]);
});

test('missing arguments: told, ignored, or sent with mode 0', () => {
  const told = bench();
  expect(told.make('gone', { kind: 'argument' })).toBeUndefined();
  expect(told.messages).toEqual(['link_stat "/gone" failed: No such file or directory (2)']);
  expect(told.log.ioError).toBe(0);
  const ignored = bench({ missingArgs: 'ignore' });
  expect(ignored.make('gone', { kind: 'argument' })).toBeUndefined();
  expect(ignored.messages).toEqual([]);
  const sent = bench({ missingArgs: 'delete' });
  expect(sent.make('gone', { kind: 'argument' })).toMatchObject({ name: 'gone', mode: 0, size: 0 });
});

test('protocol 27 sends device and inode of every file', () => {
  const { at, make } = bench({ hardLinks: true, dialect: createDialect(27, 0) });
  writeFileSync(`${at}/f`, '');
  const stat = lstat(`${at}/f`);
  expect(make('f')?.hardLink).toEqual({ kind: 'inode', dev: stat?.dev, ino: stat?.ino });
});
