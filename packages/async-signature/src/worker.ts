import type { BatchJob, BatchReply } from './job.ts';
import { signFiles } from './sign-files.ts';

/**
 * Sums of so many bytes are moved to the other thread, fewer are copied. To copy a MiB takes less
 * than 0.5 ms, to load what moves it 10 ms and 4 MiB: files of less than 10 GB never need it.
 */
const MOVE_BYTES = 1024 * 1024;

/** Runs on a worker thread: sign a batch and hand the sums over. */
export async function signBatch(job: BatchJob): Promise<BatchReply> {
  const reply = signFiles(job);
  if (reply.sums.byteLength < MOVE_BYTES) return reply;
  const { move, transferableSymbol, valueSymbol } = await import('piscina');
  const moved = { [transferableSymbol]: reply.sums, [valueSymbol]: reply };
  // piscina's types have it that what is moved is what is handed over.
  return move(moved as unknown as ArrayBuffer) as unknown as BatchReply;
}
