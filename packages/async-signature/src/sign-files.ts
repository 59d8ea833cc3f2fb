import { fstatSync, readSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import type { TransferChecksum } from '@deltawire/checksums';
import { type ReadAt, type Signature, SignatureError, signSync } from '@deltawire/signature';
import type { BatchJob, BatchReply, FileJob, FileOutcome } from './job.ts';

/** Thrown out of a read when the file's flag is set. */
const cancelled: unique symbol = Symbol('cancelled');

/** Sign the files of a batch, one after the other. Never throws for a file's fault. */
export function signFiles(job: BatchJob): BatchReply {
  const start = performance.now();
  let bytesRead = 0;
  const outcomes = job.files.map((file, i): FileOutcome => {
    const read: ReadAt = (target, position) => {
      // Read by read, so that a cancelled file costs at most one more chunk.
      if (Atomics.load(job.cancelled, i) !== 0) throw cancelled;
      const count = readSync(file.fd, target, 0, target.length, position);
      bytesRead += count;
      return count;
    };
    return signFile(file, job.checksum, read);
  });
  return { outcomes: packed(outcomes), bytesRead, busyMs: performance.now() - start, threadId };
}

function signFile(file: FileJob, checksum: TransferChecksum, read: ReadAt): FileOutcome {
  try {
    const { weak, strong }: Signature = signSync(read, file.layout, checksum);
    const length = fstatSync(file.fd).size;
    if (length > file.layout.fileLength) return { kind: 'grew', length };
    return { kind: 'signed', weak, strong };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): FileOutcome {
  if (error === cancelled) return { kind: 'cancelled' };
  if (error instanceof SignatureError && error.code === 'FILE_SHRANK') {
    return { kind: 'shrank', message: error.message };
  }
  const { message, code } = error as NodeJS.ErrnoException;
  return { kind: 'failed', message, code };
}

/**
 * Put the sums of many files into one buffer: a buffer is the unit of moving, and moving one costs
 * more than copying the few KiB of a small file's sums.
 */
function packed(outcomes: FileOutcome[]): FileOutcome[] {
  let length = 0;
  let files = 0;
  for (const outcome of outcomes) {
    if (outcome.kind !== 'signed') continue;
    length += outcome.weak.byteLength + alignedTo4(outcome.strong.length);
    files++;
  }
  if (files < 2) return outcomes;
  const buffer = new ArrayBuffer(length);
  let offset = 0;
  return outcomes.map((outcome) => {
    if (outcome.kind !== 'signed') return outcome;
    const weak = new Uint32Array(buffer, offset, outcome.weak.length);
    weak.set(outcome.weak);
    const strong = new Uint8Array(buffer, offset + weak.byteLength, outcome.strong.length);
    strong.set(outcome.strong);
    offset += weak.byteLength + alignedTo4(strong.length);
    return { kind: 'signed', weak, strong };
  });
}

function alignedTo4(length: number): number {
  return (length + 3) & ~3;
}
