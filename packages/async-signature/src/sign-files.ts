import { fstatSync, readSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import type { TransferChecksum } from '@deltawire/checksums';
import { type ReadAt, type Signature, SignatureError, signInto } from '@deltawire/signature';
import type { BatchJob, BatchReply, FileOutcome } from './job.ts';
import { SumsCursor } from './sums-cursor.ts';

/** Thrown out of a read when the file's flag is set. */
const givenUp: unique symbol = Symbol('given up');

/** Sign the files of a batch, one after the other. Never throws for a file's fault. */
export function signFiles(job: BatchJob): BatchReply {
  const start = performance.now();
  const { files, checksum, cancelled } = job;
  const sums = new ArrayBuffer(SumsCursor.bytesFor(files.map((file) => file.layout)));
  const cursor = new SumsCursor(sums);
  let bytesRead = 0;
  const outcomes = files.map(({ fd, layout }, i): FileOutcome => {
    const read: ReadAt = (target, position) => {
      // Read by read, so that a cancelled file costs at most one more chunk.
      if (Atomics.load(cancelled, i) !== 0) throw givenUp;
      const count = readSync(fd, target, 0, target.length, position);
      bytesRead += count;
      return count;
    };
    return signFile(fd, read, cursor.next(layout), checksum);
  });
  return { outcomes, sums, bytesRead, busyMs: performance.now() - start, threadId };
}

const SIGNED: FileOutcome = { kind: 'signed' };

function signFile(
  fd: number,
  read: ReadAt,
  signature: Signature,
  checksum: TransferChecksum,
): FileOutcome {
  try {
    signInto(read, signature, checksum);
    const length = fstatSync(fd).size;
    return length > signature.layout.fileLength ? { kind: 'grew', length } : SIGNED;
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): FileOutcome {
  if (error === givenUp) return { kind: 'cancelled' };
  if (error instanceof SignatureError && error.code === 'FILE_SHRANK') {
    return { kind: 'shrank', message: error.message };
  }
  const { message, code } = error as NodeJS.ErrnoException;
  return { kind: 'failed', message, code };
}
