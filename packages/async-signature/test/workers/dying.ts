/** A worker that fails in the way the environment asks for. */
import type { BatchJob, BatchReply } from '../../src/job.ts';
import { signFiles } from '../../src/sign-files.ts';

export function signBatch(job: BatchJob): BatchReply {
  switch (process.env.DYING_WORKER) {
    case 'exit':
      process.exit(3);
      break;
    case 'throw':
      throw new Error('out of order');
    case 'memory': {
      const hoard: number[][] = [];
      for (;;) hoard.push(new Array<number>(100_000).fill(hoard.length));
    }
    default:
  }
  return signFiles(job);
}
