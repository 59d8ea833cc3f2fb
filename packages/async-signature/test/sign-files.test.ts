import { readFileSync } from 'node:fs';
import { signSync } from '@deltawire/signature';
import { expect, test } from 'vitest';
import type { BatchJob } from '../src/job.ts';
import type { SignRequest } from '../src/request.ts';
import { signFiles } from '../src/sign-files.ts';
import { SumsCursor } from '../src/sums-cursor.ts';
import { checksum, Files, requestFor } from './files.ts';

function job(...files: SignRequest[]): BatchJob {
  return { checksum, files, cancelled: new Int32Array(new SharedArrayBuffer(4 * files.length)) };
}

test('signs as in line, all sums in one buffer', () => {
  using files = new Files();
  const lengths = [5000, 1, 700, 3_000_000];
  const requests = lengths.map((length, i) => requestFor(files.open(length, i), length));
  const reply = signFiles(job(...requests));
  expect(reply.bytesRead).toBe(3_005_701);
  const cursor = new SumsCursor(reply.sums);
  for (const [i, outcome] of reply.outcomes.entries()) {
    const { fd, layout } = requests[i]!;
    const bytes = readFileSync(fd);
    const { weak, strong } = signSync(
      (target, position) => {
        const part = bytes.subarray(position, position + target.length);
        target.set(part);
        return part.length;
      },
      layout,
      checksum,
    );
    expect(outcome).toEqual({ kind: 'signed' });
    expect(cursor.next(layout)).toEqual({ layout, weak, strong });
  }
});

test('tells shrunk, grown and unreadable files apart, and goes on', () => {
  using files = new Files();
  const closed = 999_999;
  const { outcomes } = signFiles(
    job(
      requestFor(files.open(100), 200),
      requestFor(files.open(100), 99),
      requestFor(closed, 100),
      requestFor(files.open(100), 100),
    ),
  );
  expect(outcomes.map((outcome) => outcome.kind)).toEqual(['shrank', 'grew', 'failed', 'signed']);
  expect(outcomes[2]).toMatchObject({ code: 'EBADF' });
});

test('skips files that were cancelled', () => {
  using files = new Files();
  const batch = job(requestFor(files.open(100), 100), requestFor(files.open(200), 200));
  Atomics.store(batch.cancelled, 0, 1);
  const reply = signFiles(batch);
  expect(reply.outcomes.map((outcome) => outcome.kind)).toEqual(['cancelled', 'signed']);
  expect(reply.bytesRead).toBe(200);
});
