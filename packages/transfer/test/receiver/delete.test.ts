import { FileList } from '@deltawire/file-list';
import { DestinationRoot, lstat } from '@deltawire/filesystem';
import {
  createDaemonFilter,
  createFilter,
  type FilterDirective,
  parseDirectives,
} from '@deltawire/filters';
import { createFileEntry, MessageTag } from '@deltawire/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  makeTree,
  type TemporaryDirectory,
  type TreeSpec,
  temporaryDirectory,
} from '../../../testkit/src/index.ts';
import type { TransferOptions } from '../../src/index.ts';
import { hiddenByModule } from '../../src/module-rules.ts';
import { Deleter, isContentDirectory, namesOf } from '../../src/receiver/delete.ts';
import { FilterTree } from '../../src/receiver/filter-tree.ts';
import { IoError } from '../../src/session.ts';
import { listTree } from '../scripted-peer.ts';
import { openSession } from '../sessions.ts';

const top = createFileEntry({ name: '.', mode: 0o40755, topDir: true });
const sub = createFileEntry({ name: 'd', mode: 0o40755 });

let dir: TemporaryDirectory;
beforeEach(() => {
  dir = temporaryDirectory();
});
afterEach(() => dir.remove());

interface Opened {
  readonly deleter: Deleter;
  readonly session: ReturnType<typeof openSession>['session'];
  /** What was deleted, in order; directories with a slash. */
  deleted(): string[];
  texts(): string;
  left(): string[];
}

function open(
  files: TreeSpec,
  options: Partial<TransferOptions> = {},
  directives: readonly FilterDirective[] = [],
  exclude = '',
): Opened {
  makeTree(dir.join('dst'), files);
  const path = dir.join('dst');
  const { session, events, texts } = openSession({ deleteMode: 'during', ...options });
  const filter = createFilter(parseDirectives(directives, { readFile: () => undefined }), {
    side: 'receiver',
    deleteExcluded: options.deleteExcluded ?? false,
    rootPath: path,
    readMergeFile: () => undefined,
  });
  const isHidden = hiddenByModule({
    moduleRoot: path,
    moduleName: 'm',
    readOnly: false,
    filter: createDaemonFilter({ exclude }, () => undefined),
  });
  const root = new DestinationRoot(path);
  return {
    deleter: new Deleter(session, root, new FilterTree(filter), isHidden),
    session,
    deleted: () =>
      events.flatMap((event) =>
        event.kind === 'delete' ? [`${event.name}${event.isDirectory ? '/' : ''}`] : [],
      ),
    texts,
    left: () => Object.keys(listTree(path)).sort(),
  };
}

function listOf(...names: string[]): FileList {
  const wire = names.map((name) => createFileEntry({ name }));
  return new FileList({ start: 0, wire, directorySort: true });
}

const listed = (...names: string[]): Set<string> => namesOf(listOf(...names));

test('what was pruned is not in the list any more', () => {
  const list = listOf('a', 'b');
  list.drop(0);
  expect([...namesOf(list)]).toEqual(['b']);
});

test('what the sender does not have goes, contents first, last in order first', () => {
  const { deleter, deleted, left, session } = open({
    a: '',
    z: '',
    'gone/x/y': '',
    'gone/f': '',
    l: { link: 'a' },
  });
  deleter.purge(top, listed('a'), false);
  expect(deleted()).toEqual(['gone/x/y', 'gone/x/', 'gone/f', 'gone/', 'z', 'l']);
  expect(left()).toEqual(['a']);
  expect(session.stats.deleted).toMatchObject({ regular: 3, directories: 2, symlinks: 1 });
});

test('only the directory that is meant is looked at', () => {
  const { deleter, left } = open({ x: '', 'd/x': '', 'd/keep': '' });
  deleter.purge(sub, listed('d/keep'), false);
  expect(left()).toEqual(['d', 'd/keep', 'x']);
});

test('a symlink in place of the directory is not followed', () => {
  makeTree(dir.join('outside'), { precious: '' });
  const { deleter } = open({ d: { link: '../outside' } });
  deleter.purge(sub, listed(), false);
  expect(Object.keys(listTree(dir.join('outside')))).toEqual(['precious']);
});

test('deletion can wait, and then finds what is still there', () => {
  const { deleter, left, deleted } = open({ x: '', y: '' });
  deleter.purge(top, listed(), true);
  expect(left()).toEqual(['x', 'y']);
  makeTree(dir.join('dst'), {});
  deleter.removeDelayed();
  expect(deleted()).toEqual(['y', 'x']);
  deleter.removeDelayed();
  expect(left()).toEqual([]);
});

describe('what protects', () => {
  const protect = (pattern: string): FilterDirective => ({ kind: 'filter', text: `P ${pattern}` });

  test('a rule protects a name and, through it, the directories above', () => {
    const { deleter, left, texts } = open({ 'gone/prot': '', 'gone/x': '', prot: '', x: '' }, {}, [
      protect('prot'),
    ]);
    deleter.purge(top, listed(), false);
    expect(left()).toEqual(['gone', 'gone/prot', 'prot']);
    expect(texts()).toContain('cannot delete non-empty directory: gone\n');
  });

  test('an exclude protects unless --delete-excluded', () => {
    const exclude: FilterDirective[] = [{ kind: 'exclude', pattern: '*.o' }];
    const first = open({ 'x.o': '', y: '' }, {}, exclude);
    first.deleter.purge(top, listed(), false);
    expect(first.left()).toEqual(['x.o']);
    const second = open({ y: '' }, { deleteExcluded: true }, exclude);
    second.deleter.purge(top, listed(), false);
    expect(second.left()).toEqual([]);
  });

  test('a perishable rule does not protect inside what is deleted', () => {
    const { deleter, left } = open({ 'gone/x.o': '', 'y.o': '' }, {}, [
      { kind: 'filter', text: '-p *.o' },
    ]);
    deleter.purge(top, listed(), false);
    expect(left()).toEqual(['y.o']);
  });

  test('a daemon’s rules protect wherever the name is', () => {
    const { deleter, left } = open({ 'd/secret': '', 'd/x': '', y: '' }, {}, [], '/d/secret');
    deleter.purge(top, listed(), false);
    expect(left()).toEqual(['d', 'd/secret']);
  });

  test('an error of the sender holds everything back, and that is said once', () => {
    const { deleter, left, session, texts } = open({ x: '', 'd/y': '' });
    session.ioError = IoError.GENERAL;
    deleter.purge(top, listed('d'), false);
    deleter.purge(sub, listed(), false);
    expect(left()).toEqual(['d', 'd/y', 'x']);
    expect(texts()).toBe('IO error encountered -- skipping file deletion\n');
  });

  test('unless errors are to be ignored, or it only vanished', () => {
    const ignoring = open({ x: '' }, { ignoreErrors: true });
    ignoring.session.ioError = IoError.GENERAL;
    ignoring.deleter.purge(top, listed(), false);
    expect(ignoring.left()).toEqual([]);
    const vanished = open({ y: '' });
    vanished.session.ioError = IoError.VANISHED;
    vanished.deleter.purge(top, listed(), false);
    expect(vanished.left()).toEqual([]);
  });

  test('a dry run only tells', () => {
    const { deleter, deleted, left } = open({ 'gone/f': '' }, { dryRun: true });
    deleter.purge(top, listed(), false);
    expect(deleted()).toEqual(['gone/f', 'gone/']);
    expect(left()).toEqual(['gone', 'gone/f']);
  });

  test.skipIf(process.getuid?.() !== 0)('-x protects what is mounted there', async () => {
    const { execFileSync } = await import('node:child_process');
    const { deleter, left } = open({ 'gone/mnt/': null, x: '' }, { oneFileSystem: 1 });
    const mount = dir.join('dst/gone/mnt');
    try {
      execFileSync('mount', ['-t', 'tmpfs', 'none', mount], { stdio: 'ignore' });
    } catch {
      return; // a container that may not mount
    }
    try {
      makeTree(mount, { precious: '' }, { mtime: 1 });
      deleter.purge(top, listed(), false);
      expect(left()).toEqual(['gone', 'gone/mnt', 'gone/mnt/precious']);
    } finally {
      execFileSync('umount', [mount]);
    }
  });
});

describe('--max-delete', () => {
  test('stops in time, counts what is skipped, and gives exit code 25', () => {
    const { deleter, deleted, session, texts } = open(
      { a: '', b: '', c: '', d: '' },
      { maxDelete: 2 },
    );
    deleter.purge(top, listed(), false);
    deleter.report();
    expect(deleted()).toEqual(['d', 'c']);
    expect(texts()).toBe('Deletions stopped due to --max-delete limit (2 skipped)\n');
    expect(session.exitCode).toBe(25);
  });

  test('of nothing deletes nothing', () => {
    const { deleter, deleted, session } = open({ a: '' }, { maxDelete: 0 });
    deleter.purge(top, listed(), false);
    deleter.report();
    expect(deleted()).toEqual([]);
    expect(session.exitCode).toBe(25);
  });

  test('that is not reached says nothing', () => {
    const { deleter, session, texts } = open({ a: '' }, { maxDelete: 1 });
    deleter.purge(top, listed(), false);
    deleter.report();
    expect(texts()).toBe('');
    expect(session.exitCode).toBe(0);
  });
});

describe('making way for an item of another type', () => {
  const wayFor = (
    files: TreeSpec,
    options: Partial<TransferOptions>,
  ): Opened & { clear: boolean } => {
    const opened = open(files, { deleteMode: 'none', ...options });
    const clear = opened.deleter.makeWay('x', lstat(dir.join('dst/x'))!, 'regular file');
    return { ...opened, clear };
  };

  test('files, links and empty directories go', () => {
    expect(wayFor({ x: 'file' }, {}).clear).toBe(true);
    expect(wayFor({ x: { link: 'nowhere' } }, {}).clear).toBe(true);
    expect(wayFor({ 'x/': null }, {}).clear).toBe(true);
    expect(lstat(dir.join('dst/x'))).toBeUndefined();
  });

  test('a directory with contents stays', () => {
    const { clear, texts, session, left } = wayFor({ 'x/f': '' }, {});
    expect(clear).toBe(false);
    expect(left()).toEqual(['x', 'x/f']);
    expect(texts()).toContain('could not make way for new regular file: x\n');
    expect(session.exitCode).toBe(23);
  });

  test.each([{ force: true }, { deleteMode: 'during' }] as const)('but goes with %o', (options) => {
    const { clear, left, deleted } = wayFor({ 'x/f': '', 'x/d/g': '' }, options);
    expect(clear).toBe(true);
    expect(left()).toEqual([]);
    expect(deleted()).toEqual(['x/d/g', 'x/d/', 'x/f']);
  });
});

test('a server tells its client', () => {
  makeTree(dir.join('dst'), { 'gone/f': '' });
  const sent: { tag: number; text: string }[] = [];
  const { session } = openSession({ deleteMode: 'during' }, { server: true });
  session.wire.startOutputMux();
  const message = session.wire.message.bind(session.wire);
  session.wire.message = (tag, payload) => {
    sent.push({ tag, text: Buffer.from(payload).toString('latin1') });
    message(tag, payload);
  };
  const rules = createFilter([], {
    side: 'receiver',
    deleteExcluded: false,
    rootPath: '/',
    readMergeFile: () => undefined,
  });
  const root = new DestinationRoot(dir.join('dst'));
  new Deleter(session, root, new FilterTree(rules), undefined).purge(top, listed(), false);
  expect(sent).toEqual([
    { tag: MessageTag.DELETED, text: 'gone/f' },
    { tag: MessageTag.DELETED, text: 'gone\0' },
  ]);
});

test('directories whose contents are not transferred are left alone', () => {
  expect(isContentDirectory(top)).toBe(true);
  expect(isContentDirectory(createFileEntry({ name: 'd', mode: 0o40755, noContent: true }))).toBe(
    false,
  );
  expect(isContentDirectory(createFileEntry({ name: 'f' }))).toBe(false);
});
