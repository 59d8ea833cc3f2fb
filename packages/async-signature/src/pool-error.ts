/** Why a signature could not be computed by the pool. */
export type SignaturePoolErrorCode =
  /** The layout asks for more bytes of strong sum than the checksum has; refused before any work. */
  | 'DIGEST_TOO_SHORT'
  /** The file ended before the length of its layout. */
  | 'FILE_SHRANK'
  /** The file is longer than the length of its layout. */
  | 'FILE_GREW'
  /** The file could not be read; `cause` has the system's `code` (`EIO`, `EBADF`, …). */
  | 'READ_FAILED'
  /** The worker threw, died, or could not start. Nothing is wrong with the file. */
  | 'WORKER_LOST'
  /** The request was given up by `cancel`. */
  | 'CANCELLED'
  /** The pool is closed. */
  | 'CLOSED';

/**
 * A request the pool could not serve. Callers fall back to hashing in line, which for a real fault
 * of the file meets the same fault where it can be reported.
 */
export class SignaturePoolError extends Error {
  override readonly name: string = 'SignaturePoolError';
  readonly code: SignaturePoolErrorCode;

  constructor(code: SignaturePoolErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
