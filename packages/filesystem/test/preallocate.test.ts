import { closeSync, fstatSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { canPreallocate, preallocate } from '../src/index.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test.skipIf(!canPreallocate())('space is set aside, and the size changes only on request', () => {
  const fd = openSync(`${temporaryDirectory()}/f`, 'w+');
  preallocate(fd, 100_000, false);
  expect(fstatSync(fd)).toMatchObject({ size: 0 });
  expect(fstatSync(fd).blocks * 512).toBeGreaterThanOrEqual(100_000);
  preallocate(fd, 50_000, true);
  expect(fstatSync(fd)).toMatchObject({ size: 50_000 });
  preallocate(fd, 0, true);
  closeSync(fd);
  expect(() => preallocate(fd, 1, true)).toThrow('EBADF');
});
