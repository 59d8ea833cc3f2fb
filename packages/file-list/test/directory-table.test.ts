import { expect, test } from 'vitest';
import { DirectoryTable } from '../src/directory-table.ts';
import { FileList } from '../src/file-list.ts';
import { entries } from './entries.ts';

test('numbers directories batch by batch, sorted, duplicates included', () => {
  const table = new DirectoryTable();
  const first = new FileList({
    start: 1,
    wire: entries('b/', 'f', 'a/', './', 'a/'),
    directorySort: true,
  });
  first.dropDuplicates();
  expect(table.addBatch(first)).toBe(0);
  const second = new FileList({ start: 7, wire: entries('a/c/'), directorySort: true });
  expect(table.addBatch(second)).toBe(4);
  const rows = Array.from({ length: table.length }, (_, d) => table.get(d));
  expect(rows.map((row) => row?.entry.name)).toEqual(['.', 'a', 'a', 'b', 'a/c']);
  expect(rows.map((row) => row?.dropped)).toEqual([false, false, true, false, false]);
  table.markListed(3);
  expect(table.get(3)?.listed).toBe(true);
  expect(table.get(5)).toBeUndefined();
});
