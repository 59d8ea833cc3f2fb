import { createDialect } from '@deltawire/protocol';
import { expect, test } from 'vitest';
import { HardLinkTable } from '../src/hard-link-table.ts';

const file = (ino: bigint, nlink = 2, dev = 1n) => ({ dev, ino, nlink });

test('the first of a set leads, the others refer to its index', () => {
  const table = new HardLinkTable(createDialect(32, 0));
  expect(table.see(file(5n), 3)).toEqual({ kind: 'leader' });
  expect(table.see(file(5n), 9)).toEqual({ kind: 'follower', leader: 3 });
  expect(table.see(file(5n, 2, 2n), 10)).toEqual({ kind: 'leader' });
  expect(table.see(file(6n, 1), 11)).toBeUndefined();
});

test('before protocol 30 device and inode travel', () => {
  const table = new HardLinkTable(createDialect(29, 0));
  expect(table.see(file(5n), 3)).toEqual({ kind: 'inode', dev: 1n, ino: 5n });
  expect(table.see(file(6n, 1), 4)).toBeUndefined();
  expect(new HardLinkTable(createDialect(27, 0)).see(file(6n, 1), 4)).toEqual({
    kind: 'inode',
    dev: 1n,
    ino: 6n,
  });
});
