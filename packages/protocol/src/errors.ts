import { ExitCode } from './exit-code.ts';

/** What an {@link RsyncError} is made of besides its message. */
export interface RsyncErrorOptions {
  /** Machine-readable kind, e.g. `'PROTOCOL'`. */
  readonly code: string;
  /** Exit code of the program that meets this error, see {@link ExitCode}. */
  readonly exitCode: number;
  readonly cause?: unknown;
}

/** A failure that ends a session. Failures of one file are events, not errors. */
export class RsyncError extends Error {
  override name: string = 'RsyncError';
  readonly code: string;
  readonly exitCode: number;

  constructor(message: string, options: RsyncErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.exitCode = options.exitCode;
  }
}

/** When this is thrown, the peer sent something that the protocol does not allow. */
export class ProtocolError extends RsyncError {
  override name: string = 'ProtocolError';

  /** @param options.exitCode - default 12, error in the protocol data stream */
  constructor(
    message: string,
    options: { readonly exitCode?: number; readonly code?: string; readonly cause?: unknown } = {},
  ) {
    super(message, {
      code: options.code ?? 'PROTOCOL',
      exitCode: options.exitCode ?? ExitCode.STREAM,
      cause: options.cause,
    });
  }
}

/** When this is thrown, a number or length from the peer is outside what its field may hold. */
export class LimitError extends ProtocolError {
  override name: string = 'LimitError';
  /** What the peer sent, e.g. `'sum head block length'`. */
  readonly field: string;
  readonly value: number | bigint;
  /** The bound that was crossed: the largest legal value, or the smallest when `value` is below it. */
  readonly bound: number | bigint;

  constructor(
    field: string,
    value: number | bigint,
    bound: number | bigint,
    options: { readonly exitCode?: number } = {},
  ) {
    super(`${field} is ${value}, ${value < bound ? 'below' : 'above'} the limit of ${bound}`, {
      ...options,
      code: 'LIMIT',
    });
    this.field = field;
    this.value = value;
    this.bound = bound;
  }
}

/** When this is thrown, the peer reported a failure; the message is the peer's, ready for display. */
export class RemoteError extends RsyncError {
  override name: string = 'RemoteError';

  constructor(
    message: string,
    options: { readonly exitCode: number; readonly code?: string; readonly cause?: unknown },
  ) {
    super(message, { ...options, code: options.code ?? 'REMOTE' });
  }
}

/**
 * Throw {@link LimitError} unless `low <= value <= high`.
 * @internal
 */
export function requireRange(
  field: string,
  value: number,
  low: number,
  high: number,
  exitCode: number = ExitCode.STREAM,
): void {
  if (value < low) throw new LimitError(field, value, low, { exitCode });
  if (value > high) throw new LimitError(field, value, high, { exitCode });
}
