import { expect, test } from 'vitest';
import { countKind, createStats, totalOf } from '../src/stats.ts';

test('entries are counted by kind', () => {
  const { files } = createStats();
  const modes = [0o100644, 0o100755, 0o40755, 0o120777, 0o20666, 0o60660, 0o10644, 0o140755];
  for (const mode of modes) countKind(files, mode);
  expect(files).toEqual({ regular: 2, directories: 1, symlinks: 1, devices: 2, specials: 2 });
  expect(totalOf(files)).toBe(8);
});

test('totals begin at zero and are nobody else’s', () => {
  const one = createStats();
  one.files.regular++;
  one.signatures.hits++;
  const other = createStats();
  expect(totalOf(other.files)).toBe(0);
  expect(other.signatures.hits).toBe(0);
  expect(other.literalBytes + other.matchedBytes + other.totalSize).toBe(0);
});
