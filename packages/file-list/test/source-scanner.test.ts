import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isRoot } from '@deltawire/filesystem';
import { createFilter, type FilterScope, parseDirectives } from '@deltawire/filters';
import { createDialect } from '@deltawire/protocol';
import { expect, onTestFinished, test } from 'vitest';
import type { FileList } from '../src/file-list.ts';
import { splitFilesFrom } from '../src/files-from.ts';
import { isDirectoryEntry } from '../src/order.ts';
import type { ScanOptions } from '../src/scan-options.ts';
import { type ScannedList, SourceScanner } from '../src/source-scanner.ts';
import { namesOf } from './entries.ts';
import { scanOptions } from './scan.ts';
import { plantScanTree, type RecordedScan } from './scan-tree.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const { scans } = JSON.parse(
  readFileSync(new URL('vectors/scan.json', import.meta.url), 'utf8'),
) as { scans: RecordedScan[] };

/** All lists of a scan. */
function allLists(scanner: SourceScanner): ScannedList[] {
  const lists: ScannedList[] = [];
  for (let scanned: ScannedList | undefined = scanner.firstList(); scanned; ) {
    lists.push(scanned);
    scanned = scanner.store.complete ? undefined : scanner.nextList();
  }
  return lists;
}

/** Entries in the words of the recording. */
function described(list: FileList): string[] {
  return list.entries.map((entry, position) => {
    const { name, mode, topDir, noContent } = entry;
    const root = list.rootOf(position).prefix.replace(/\/$/, '');
    const kind = topDir && noContent ? 'implied' : topDir ? 'argument' : 'child';
    const bare = noContent && !topDir ? ' bare' : '';
    return `${root}|${name}|${(mode >> 12).toString(8)}|${isDirectoryEntry(entry) ? kind + bare : ''}`;
  });
}

/** The scan that a command line means; only what the recordings use. */
function optionsOf(scan: RecordedScan): Partial<ScanOptions> {
  const flags = scan.args.filter((arg) => arg.startsWith('-'));
  const letters = flags.filter((flag) => /^-\w/.test(flag)).join('');
  const long = (name: string): boolean => flags.includes(`--${name}`);
  const protocol = Number(/--protocol=(\d+)/.exec(flags.join(' '))?.[1] ?? 32);
  const listed = scan.filesFrom !== undefined;
  const recursive = letters.includes('r') || (letters.includes('a') && !listed);
  const excludes = flags.filter((flag) => flag.startsWith('--exclude='));
  return {
    args: scan.args.filter((arg) => !arg.startsWith('-')),
    ...(scan.filesFrom && {
      filesFrom: splitFilesFrom(Buffer.from(scan.filesFrom.join('\n')), { from0: false }),
    }),
    dialect: createDialect(protocol, recursive && !long('no-i-r') ? 0x1ff : 0x1fe),
    recursive,
    dirs: letters.includes('d') || listed,
    relative: letters.includes('R') || (listed && !long('no-R')),
    impliedDirs: !long('no-implied-dirs'),
    copyLinks: letters.includes('L'),
    copyDirlinks: letters.includes('k'),
    copyUnsafeLinks: long('copy-unsafe-links'),
    missingArgs: long('delete-missing-args')
      ? 'delete'
      : long('ignore-missing-args')
        ? 'ignore'
        : 'report',
    ...(excludes.length > 0 && {
      filterFor: () => excluding(excludes.map((flag) => flag.slice(10))),
    }),
  };
}

function excluding(patterns: readonly string[]): FilterScope {
  return filterOf(
    patterns.map((pattern) => `- ${pattern}`),
    () => undefined,
  );
}

function filterOf(
  texts: readonly string[],
  readMergeFile: (path: string) => Uint8Array | undefined,
): FilterScope {
  const rules = parseDirectives(
    texts.map((text) => ({ kind: 'filter', text })),
    { readFile: () => undefined },
  );
  return createFilter(rules, {
    side: 'sender',
    deleteExcluded: false,
    readMergeFile,
    rootPath: '/',
  });
}

function enter(directory: string): void {
  const cwd = process.cwd();
  process.chdir(directory);
  onTestFinished(() => process.chdir(cwd));
}

test.each(scans.map((scan) => [scan.args.join(' '), scan] as const))('rsync %s', (_, scan) => {
  const cwd = temporaryDirectory();
  plantScanTree(cwd);
  enter(cwd);
  const messages: string[] = [];
  const scanner = new SourceScanner(
    scanOptions({
      ...optionsOf(scan),
      showPath: (path) => `"${`{cwd}/${path}`.replace(/\/(\.?\/)*$/, '').replace(/\/\.\//g, '/')}"`,
      // Recorded without -v, which would show the links that are copied.
      onMessage: ({ kind, text }) => kind === 'symsafe' || messages.push(text),
    }),
  );
  const lists = allLists(scanner).map(({ list }) => [list.start, described(list)]);
  expect(lists).toEqual(scan.lists);
  expect(messages).toEqual(scan.messages);
});

test('each list is announced by the number of its directory', () => {
  const cwd = temporaryDirectory();
  for (const directory of ['a/x/q', 'a/y', 'b/z', 'c']) {
    mkdirSync(`${cwd}/${directory}`, { recursive: true });
  }
  for (const name of ['7', 'a/6', 'a/x/4', 'a/x/q/5', 'a/y/3', 'b/2', 'b/z/1', 'c/8']) {
    writeFileSync(`${cwd}/${name}`, '');
  }
  const scanner = new SourceScanner(scanOptions({ args: [`${cwd}/`] }));
  const lists = allLists(scanner).map(({ list }) => [
    list.directory,
    list.start,
    ...namesOf(list.entries),
  ]);
  // docs/spec/data.md §3.12
  expect(lists).toEqual([
    [-1, 1, './', '7', 'a/', 'b/', 'c/'],
    [1, 7, 'a/6', 'a/x/', 'a/y/'],
    [4, 11, 'a/x/4', 'a/x/q/'],
    [6, 14, 'a/x/q/5'],
    [5, 16, 'a/y/3'],
    [2, 18, 'b/2', 'b/z/'],
    [7, 21, 'b/z/1'],
    [3, 23, 'c/8'],
  ]);
  expect(scanner.store.complete).toBe(true);
  expect(scanner.hasMore).toBe(false);
});

test('not incremental: a directory completely, then its sub-directories one by one', () => {
  const cwd = temporaryDirectory();
  plantScanTree(cwd);
  const dialect = createDialect(32, 0x1fe);
  const scanner = new SourceScanner(scanOptions({ args: [`${cwd}/b`], dialect }));
  const wire = namesOf(scanner.firstList().list.wire);
  expect(wire[0]).toBe('b/');
  expect(wire.slice(1, 4).sort()).toEqual(['b/1', 'b/x/', 'b/z/']);
  const x = wire.indexOf('b/x/3') < wire.indexOf('b/z/5') ? 4 : 5;
  const last = wire.slice(x);
  expect(wire.slice(x, x + 2).sort()).toEqual(['b/x/3', 'b/x/y/']);
  expect(last[2]).toBe('b/x/y/4');
});

test('the first list can be built in steps', () => {
  const cwd = temporaryDirectory();
  plantScanTree(cwd);
  const dialect = createDialect(32, 0x1fe);
  const scanner = new SourceScanner(scanOptions({ args: [`${cwd}/`], dialect }));
  const steps = scanner.firstListSteps();
  let count = 0;
  let step = steps.next();
  for (; !step.done; step = steps.next()) count++;
  // The root, a, a/x, b, b/x, b/x/y, b/z, d, d/e, d/h, d/h/i.
  expect(count).toBe(11);
  expect(step.value.list.length).toBe(scanner.store.entryCount);
});

test('merge files of a directory count from there on', () => {
  const cwd = temporaryDirectory();
  mkdirSync(`${cwd}/t/p/q`, { recursive: true });
  for (const directory of ['t', 't/p', 't/p/q']) {
    for (const name of ['hid', 'hid2', 'hid3']) writeFileSync(`${cwd}/${directory}/${name}`, '');
  }
  writeFileSync(`${cwd}/t/.rf`, '- hid\n');
  writeFileSync(`${cwd}/t/p/.rf`, '- hid2\n');
  writeFileSync(`${cwd}/t/p/q/.rf`, '- hid3\n');
  const names = (options: Partial<ScanOptions>): string[] => {
    const scanner = new SourceScanner(
      scanOptions({
        filterFor: (prefix) =>
          filterOf([': .rf', '- .rf'], (path) => {
            try {
              return readFileSync(`${prefix}${path}`);
            } catch {
              return undefined;
            }
          }),
        ...options,
      }),
    );
    return allLists(scanner).flatMap(({ list }) => namesOf(list.entries));
  };
  // The directory above a plain argument is not read, those of a relative one are.
  expect(names({ args: [`${cwd}/t/hid`] })).toEqual(['hid']);
  expect(names({ args: [`${cwd}/t/p`] })).toEqual(['p/', 'p/hid', 'p/hid3', 'p/q/', 'p/q/hid']);
  expect(names({ args: [`${cwd}/t/p/`] })).toEqual(['./', 'hid', 'hid3', 'q/', 'q/hid']);
  for (const flags of [0x1ff, 0x1fe]) {
    const dialect = createDialect(32, flags);
    const relative = { relative: true, dialect };
    expect(names({ ...relative, args: [`${cwd}/./t/p/q`, `${cwd}/./t/hid`] })).toEqual([
      't/',
      't/p/',
      't/p/q/',
    ]);
  }
});

test('what vanished between two lists is told', () => {
  const cwd = temporaryDirectory();
  mkdirSync(`${cwd}/d`);
  const messages: string[] = [];
  const scanner = new SourceScanner(
    scanOptions({ args: [`${cwd}/`], onMessage: ({ text }) => messages.push(text) }),
  );
  expect(scanner.firstList().ioError).toBe(0);
  rmSync(`${cwd}/d`, { recursive: true });
  expect(scanner.nextList()).toMatchObject({ ioError: 2 });
  expect(messages).toEqual([`file has vanished: "${cwd}/d"`]);
  expect(scanner.ioError).toBe(2);
});

test.skipIf(isRoot())('an unreadable directory is listed and told', () => {
  const cwd = temporaryDirectory();
  mkdirSync(`${cwd}/d`);
  chmodSync(`${cwd}/d`, 0);
  const messages: string[] = [];
  const scanner = new SourceScanner(
    scanOptions({ args: [`${cwd}/`], onMessage: ({ text }) => messages.push(text) }),
  );
  const lists = allLists(scanner);
  chmodSync(`${cwd}/d`, 0o700);
  expect(lists.map(({ ioError }) => ioError)).toEqual([0, 1]);
  expect(messages).toEqual([`opendir "${cwd}/d" failed: Permission denied (13)`]);
});

test('a files-from list needs its directory', () => {
  const scanner = new SourceScanner(
    scanOptions({ args: ['/nonexistent/base'], filesFrom: ['a'], relative: true }),
  );
  expect(() => scanner.firstList()).toThrow(
    'rsync: [sender] change_dir "/nonexistent/base" failed: No such file or directory (2)',
  );
});

test('depth is not limited by the call stack', () => {
  const cwd = temporaryDirectory();
  mkdirSync(cwd + '/d'.repeat(1000), { recursive: true });
  const dialect = createDialect(32, 0x1fe);
  const scanner = new SourceScanner(scanOptions({ args: [cwd], dialect }));
  expect(scanner.firstList().list.length).toBe(1001);
});
