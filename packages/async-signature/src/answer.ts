import type { Signature } from '@deltawire/signature';
import type { FileOutcome } from './job.ts';
import { SignaturePoolError } from './pool-error.ts';
import type { SignatureRequest, SignRequest } from './request.ts';

/** The request was given up, for this reason. */
export interface Cancelled {
  readonly cancelled: unknown;
}

/** How a request ends. */
export type Answer = Signature | Error | Cancelled;

/** What a worker's outcome means to the caller; `signature` is its own when it was signed. */
export function answerFor(
  request: SignatureRequest,
  outcome: FileOutcome | undefined,
  signature: Signature,
): Answer {
  const { layout } = request;
  switch (outcome?.kind) {
    case 'signed':
      // Closing the pool loses nothing that is already there; a signal means that nobody wants it.
      if (request.cancelled !== undefined && !isClosed(request.cancelled)) return request.cancelled;
      return signature;
    case 'cancelled':
      return request.cancelled ?? new SignaturePoolError('WORKER_LOST', 'not signed');
    case 'shrank':
      return new SignaturePoolError('FILE_SHRANK', outcome.message);
    case 'grew':
      return new SignaturePoolError(
        'FILE_GREW',
        `file has ${outcome.length} bytes, ${layout.fileLength} expected`,
      );
    case 'failed':
      return new SignaturePoolError('READ_FAILED', outcome.message, {
        cause: Object.assign(new Error(outcome.message), { code: outcome.code }),
      });
    case undefined:
      return new SignaturePoolError('WORKER_LOST', 'the worker gave no answer for this file');
  }
}

function isClosed({ cancelled }: Cancelled): boolean {
  return cancelled instanceof SignaturePoolError && cancelled.code === 'CLOSED';
}

/** The signature of an empty file. */
export function emptySignature({ layout }: SignRequest): Signature {
  return { layout, weak: new Uint32Array(0), strong: new Uint8Array(0) };
}
