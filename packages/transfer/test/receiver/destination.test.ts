import { existsSync, statSync } from 'node:fs';
import { createFileEntry, type FileEntry } from '@deltawire/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  makeTree,
  type TemporaryDirectory,
  temporaryDirectory,
} from '../../../testkit/src/index.ts';
import type { TransferOptions } from '../../src/index.ts';
import { openDestination } from '../../src/receiver/destination.ts';
import { openSession } from '../sessions.ts';

const file = createFileEntry({ name: 'f', mode: 0o100644 });
const dot = createFileEntry({ name: '.', mode: 0o40755 });
const directory = createFileEntry({ name: 'd', mode: 0o40755 });

let dir: TemporaryDirectory;
beforeEach(() => {
  dir = temporaryDirectory();
});
afterEach(() => dir.remove());

/** Where `entry` goes, and what was said about it. */
function place(
  argument: string,
  entries: readonly FileEntry[],
  options: Partial<TransferOptions> = {},
  total = entries.length,
): { path: string; texts: string; missing: boolean } {
  const { session, texts } = openSession({ ...options, infoLevels: { name: 1 } });
  const destination = openDestination(session, dir.join(argument), entries, total);
  const path = destination.root.resolve(destination.nameOf(entries[0] ?? file));
  return { path, texts: texts(), missing: destination.missing };
}

test('an existing directory is entered', () => {
  makeTree(dir.join('dst'), {});
  expect(place('dst', [file]).path).toBe(dir.join('dst', 'f'));
  expect(place('dst/', [file, directory]).path).toBe(dir.join('dst', 'f'));
  expect(place('dst', [file]).texts).toBe('');
});

test('a single file takes the name that is given', () => {
  makeTree(dir.join('dst'), { old: 'x' });
  expect(place('dst/new', [file]).path).toBe(dir.join('dst', 'new'));
  expect(place('dst/old', [file]).path).toBe(dir.join('dst', 'old'));
  expect(existsSync(dir.join('dst', 'new'))).toBe(false);
});

test('a slash, or several items, make a missing directory', () => {
  const { path, texts } = place('new/', [file]);
  expect(path).toBe(dir.join('new', 'f'));
  expect(texts).toBe(`created directory ${dir.join('new')}\n`);
  expect(statSync(dir.join('new')).isDirectory()).toBe(true);
  expect(place('several', [file, directory]).path).toBe(dir.join('several', 'f'));
});

test('so do the contents of a directory', () => {
  place('contents', [dot]);
  expect(statSync(dir.join('contents')).isDirectory()).toBe(true);
});

test('a dry run makes nothing, and says so', () => {
  const { missing, texts } = place('new/', [file], { dryRun: true });
  expect(missing).toBe(true);
  expect(texts).toContain('created directory');
  expect(existsSync(dir.join('new'))).toBe(false);
});

test('--mkpath makes what leads there', () => {
  expect(place('a/b/c', [file], { mkpath: true }).path).toBe(dir.join('a/b/c'));
  expect(existsSync(dir.join('a/b'))).toBe(true);
  expect(existsSync(dir.join('a/b/c'))).toBe(false);
  place('x/y/z/', [file], { mkpath: true });
  expect(existsSync(dir.join('x/y/z'))).toBe(true);
});

describe('what does not fit is refused', () => {
  beforeEach(() => makeTree(dir.join('dst'), { file: 'x' }));

  test('several items cannot become a file', () => {
    expect(() => place('dst/file', [file, directory])).toThrow(
      expect.objectContaining({
        exitCode: 3,
        message: expect.stringContaining('more than 1 file'),
      }),
    );
  });

  test('nor can a directory', () => {
    expect(() => place('dst/file', [directory])).toThrow(expect.objectContaining({ exitCode: 3 }));
  });

  test('a parent must exist', () => {
    expect(() => place('no/such', [file])).toThrow(expect.objectContaining({ exitCode: 3 }));
    expect(() => place('no/such/', [file])).toThrow(expect.objectContaining({ exitCode: 11 }));
  });

  test('a file is no directory', () => {
    expect(() => place('dst/file/', [file])).toThrow(expect.objectContaining({ exitCode: 3 }));
  });
});

test('names cannot leave it', () => {
  makeTree(dir.join('dst'), { away: { link: '../outside' } });
  makeTree(dir.join('outside'), {});
  const { session } = openSession();
  const { root } = openDestination(session, dir.join('dst'), [file, directory], 2);
  expect(() => root.resolve('away/f')).toThrow(/symlink/);
  expect(() => root.resolve('../f')).toThrow();
});

test('dirlinks that are kept stay inside', () => {
  makeTree(dir.join('dst'), {
    away: { link: '../outside' },
    near: { link: 'real' },
    'real/': null,
  });
  makeTree(dir.join('outside'), {});
  const { session } = openSession({ keepDirlinks: true });
  const { root } = openDestination(session, dir.join('dst'), [file, directory], 2);
  expect(root.resolve('near/f')).toBe(dir.join('dst/near/f'));
  expect(() => root.resolve('away/f')).toThrow(/out of the tree/);
});
