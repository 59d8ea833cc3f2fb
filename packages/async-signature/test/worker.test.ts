import { transferableSymbol, valueSymbol } from 'piscina';
import { expect, test } from 'vitest';
import { signBatch } from '../src/worker.ts';
import { checksum, Files, requestFor } from './files.ts';

const batch = (fd: number, length: number, blockSize = 0) => ({
  checksum,
  files: [requestFor(fd, length, blockSize)],
  cancelled: new Int32Array(new SharedArrayBuffer(4)),
});

test('copies short sums and moves long ones', async () => {
  using files = new Files();
  const small = await signBatch(batch(files.open(70_000), 70_000));
  expect(small.outcomes[0]).toMatchObject({ kind: 'signed' });
  const large = await signBatch(batch(files.open(400_000, 2), 400_000, 2));
  expect(large).toMatchObject({
    [transferableSymbol]: expect.any(ArrayBuffer),
    [valueSymbol]: { outcomes: [{ kind: 'signed' }] },
  });
});
