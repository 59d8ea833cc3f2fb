import { createFileEntry, type FileEntry } from '@deltawire/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FileList } from '../src/file-list.ts';
import { compareEntries, isDirectoryEntry } from '../src/order.ts';
import { entries, entry, namesOf } from './entries.ts';

function listOf(names: readonly string[], directorySort = true): FileList {
  return new FileList({ start: 10, wire: entries(...names), directorySort });
}

/** Names of what is left after dropping duplicates. */
function keptOf(list: FileList): string[] {
  list.dropDuplicates();
  return namesOf(list.entries.filter((_, position) => !list.isDropped(position)));
}

test('positions are sorted, wire indexes are not', () => {
  const list = listOf(['sub/', 'b', './', 'a']);
  expect(namesOf(list.entries)).toEqual(['./', 'a', 'b', 'sub/']);
  expect([0, 1, 2, 3].map((position) => list.wireIndexOf(position))).toEqual([12, 13, 11, 10]);
  expect([10, 11, 12, 13].map((index) => list.positionOfWire(index))).toEqual([3, 2, 0, 1]);
  expect([list.start, list.end, list.length, list.parentNdx]).toEqual([10, 14, 4, 9]);
});

test('positionOfWire is the inverse of wireIndexOf', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[abc]{1,3}\/?$/)), (names) => {
      const list = listOf(names);
      for (let position = 0; position < list.length; position++) {
        const index = list.wireIndexOf(position);
        expect(list.positionOfWire(index)).toBe(position);
        expect(list.wire[index - 10]).toBe(list.entries[position]);
      }
    }),
  );
});

test('a list knows where its entries live', () => {
  const [a, b] = [{ prefix: 'a/' }, { prefix: 'b/' }];
  const list = new FileList({
    start: 0,
    wire: entries('z', 'y'),
    roots: [a, b],
    directorySort: true,
  });
  expect([list.rootOf(0), list.rootOf(1)]).toEqual([b, a]);
  const common = new FileList({ start: 0, wire: entries('z'), roots: a, directorySort: true });
  expect(common.rootOf(0)).toBe(a);
  expect(() => listOf(['x']).rootOf(0)).toThrow(RangeError);
});

test('the first of two files is kept', () => {
  const list = listOf(['a', 'b', 'a', 'a']);
  expect(keptOf(list)).toEqual(['a', 'b']);
  expect(list.isDropped(0)).toBe(false);
  expect(list.isDropped(1)).toBe(true);
  expect(list.wireIndexOf(0)).toBe(10);
});

test('a directory wins against a file of its name, wherever that is', () => {
  expect(keptOf(listOf(['a', 'a/', 'a/x', 'b']))).toEqual(['b', 'a/', 'a/x']);
  expect(keptOf(listOf(['d/a', 'd/b', 'd/', 'd/a/']))).toEqual(['d/', 'd/b', 'd/a/']);
  expect(keptOf(listOf(['a', 'a/'], false))).toEqual(['a/']);
  expect(keptOf(listOf(['a/', 'a'], false))).toEqual(['a/']);
});

test('a kept directory gains what the dropped one had', () => {
  const implied = { topDir: true, noContent: true };
  const cases = [
    [implied, {}, { topDir: false, noContent: false }],
    [implied, { topDir: true }, { topDir: true, noContent: false }],
    [{}, { topDir: true }, { topDir: true, noContent: false }],
    [{ topDir: true }, implied, { topDir: true, noContent: false }],
    [implied, implied, implied],
    [{ noContent: true }, {}, { topDir: false, noContent: false }],
    [implied, { noContent: true }, { topDir: false, noContent: true }],
  ] as const;
  for (const [first, second, merged] of cases) {
    const wire = [entry('d/', first), entry('d/', second)];
    const list = new FileList({ start: 0, wire, directorySort: true });
    list.dropDuplicates();
    expect(list.isDropped(1)).toBe(true);
    expect(list.entries[0]).toMatchObject(merged);
  }
});

test('after dropping, every name is there once', () => {
  const names = fc.array(fc.stringMatching(/^[ab](\/[ab])?\/?$/), { maxLength: 12 });
  fc.assert(
    fc.property(names, fc.boolean(), (input, directorySort) => {
      const list = listOf(input, directorySort);
      list.dropDuplicates();
      const kept = list.entries.filter((_, position) => !list.isDropped(position));
      expect(new Set(kept.map(({ name }) => name)).size).toBe(kept.length);
      expect(new Set(list.entries.map(({ name }) => name)).size).toBe(kept.length);
      for (const candidate of list.entries) {
        if (!isDirectoryEntry(candidate)) continue;
        expect(kept.some((k) => compareEntries(k, candidate, true) === 0)).toBe(true);
      }
    }),
  );
});

test('prunes directories without files, but not the root or what is protected', () => {
  const list = listOf(['./', 'a/', 'a/b/', 'a/b/f', 'c/', 'c/d/', 'e/', 'e/keep/']);
  list.pruneEmptyDirectories((name) => name === 'e/keep');
  expect(namesOf(list.entries.filter((_, position) => !list.isDropped(position)))).toEqual([
    './',
    'a/',
    'a/b/',
    'a/b/f',
    'e/',
    'e/keep/',
  ]);
});

describe('--iconv: indexes in the order of sending', () => {
  const named = (name: string, mode = 0o100644): FileEntry => createFileEntry({ name, mode });
  const wire = [named('z'), named('', 0o40755), named('a'), named('d', 0o40755), named('b')];
  const list = new FileList({ start: 5, wire, directorySort: true, wireIndexes: true });

  test('positions are sorted, and what has no name is behind them', () => {
    expect(list.entries.map(({ name }) => name)).toEqual(['a', 'b', 'z', 'd', '']);
    expect([0, 1, 2, 3, 4].map((position) => list.ndxOf(position))).toEqual([7, 9, 5, 8, 6]);
    for (let ndx = 5; ndx < 10; ndx++) expect(list.ndxOf(list.positionOf(ndx))).toBe(ndx);
    expect(list.positionOf(10)).toBe(-1);
    expect([0, 1, 2, 3, 4].map((place) => list.numberedAt(place))).toEqual([2, 4, 0, 3, 1]);
  });

  test('nothing comes of an entry without a name', () => {
    list.dropDuplicates();
    expect(list.entries.map((_, position) => list.isDropped(position))).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
  });
});
