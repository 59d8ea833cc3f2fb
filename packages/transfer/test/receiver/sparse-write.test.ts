import { closeSync, ftruncateSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { temporaryDirectory } from '@deltawire/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sparseWrite } from '../../src/receiver/sparse-write.ts';

const pieces = fc.array(
  fc.record({ value: fc.constantFrom(0, 0, 7), length: fc.integer({ min: 1, max: 5000 }) }),
  { maxLength: 12 },
);

test('what is read is what was written, over whatever was there', () => {
  using dir = temporaryDirectory();
  const path = dir.join('file');
  fc.assert(
    fc.property(pieces, fc.integer({ min: 0, max: 9000 }), (runs, oldLength) => {
      const bytes = Buffer.concat(runs.map(({ value, length }) => Buffer.alloc(length, value)));
      writeFileSync(path, Buffer.alloc(oldLength, 1));
      const fd = openSync(path, 'r+');
      const half = bytes.length >> 1;
      sparseWrite(fd, bytes.subarray(0, half), 0, oldLength);
      sparseWrite(fd, bytes.subarray(half), half, oldLength);
      ftruncateSync(fd, bytes.length);
      closeSync(fd);
      expect(readFileSync(path).equals(bytes)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('zeros take no room in a new file', () => {
  using dir = temporaryDirectory();
  const path = dir.join('file');
  const bytes = Buffer.alloc(1 << 20);
  bytes[5] = 1;
  const fd = openSync(path, 'w');
  sparseWrite(fd, bytes, 0, 0);
  ftruncateSync(fd, bytes.length);
  closeSync(fd);
  expect(statSync(path).size).toBe(bytes.length);
  expect(statSync(path).blocks * 512).toBeLessThan(64 * 1024);
});
