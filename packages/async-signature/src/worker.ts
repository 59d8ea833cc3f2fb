import type { BatchJob, BatchReply } from './job.ts';
import { signFiles } from './sign-files.ts';

/** Sums smaller than this are copied to the other thread: that costs less than moving them. */
const MOVE_BYTES = 64 * 1024;

/** Runs on a worker thread: sign a batch and hand the sums over. */
export async function signBatch(job: BatchJob): Promise<BatchReply> {
  const reply = signFiles(job);
  const buffers = new Set<ArrayBufferLike>();
  let bytes = 0;
  for (const outcome of reply.outcomes) {
    if (outcome.kind !== 'signed') continue;
    for (const { buffer } of [outcome.weak, outcome.strong]) buffers.add(buffer);
    bytes += outcome.weak.byteLength + outcome.strong.byteLength;
  }
  if (bytes < MOVE_BYTES) return reply;
  // Loaded only here: most workers never need it, and it would be a tenth of their start-up.
  const { move, transferableSymbol, valueSymbol } = await import('piscina');
  const moved = { [transferableSymbol]: [...buffers], [valueSymbol]: reply };
  // piscina's types know single buffers only; a list of them is what its worker passes on.
  return move(moved as unknown as ArrayBuffer) as unknown as BatchReply;
}
