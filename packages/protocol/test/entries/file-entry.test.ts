import { expect, test } from 'vitest';
import {
  createFileEntry,
  FileType,
  isDeviceMode,
  isDirectoryMode,
  isRegularMode,
  isSpecialMode,
  isSymlinkMode,
} from '../../src/index.ts';

test('an entry always has the same properties in the same order', () => {
  const keys = Object.keys(createFileEntry({}));
  expect(Object.keys(createFileEntry({ hardLink: { kind: 'leader' }, name: 'x' }))).toEqual(keys);
  expect(keys).toHaveLength(21);
});

test('what is given is kept, the rest is zero, empty or undefined', () => {
  expect(createFileEntry({ name: 'a', size: 3, topDir: true })).toMatchObject({
    name: 'a',
    size: 3,
    topDir: true,
    mode: 0,
    linkTarget: '',
    userName: undefined,
    noContent: false,
  });
});

test('file types', () => {
  const kinds = (mode: number): boolean[] => [
    isRegularMode(mode),
    isDirectoryMode(mode),
    isSymlinkMode(mode),
    isDeviceMode(mode),
    isSpecialMode(mode),
  ];
  const only = (index: number): boolean[] => [0, 1, 2, 3, 4].map((i) => i === index);
  expect(kinds(FileType.REGULAR | 0o644)).toEqual(only(0));
  expect(kinds(FileType.DIRECTORY | 0o755)).toEqual(only(1));
  expect(kinds(FileType.SYMLINK | 0o777)).toEqual(only(2));
  expect(kinds(FileType.BLOCK_DEVICE)).toEqual(only(3));
  expect(kinds(FileType.CHARACTER_DEVICE)).toEqual(only(3));
  expect(kinds(FileType.FIFO)).toEqual(only(4));
  expect(kinds(FileType.SOCKET)).toEqual(only(4));
  expect(kinds(0)).toEqual(only(-1));
});
