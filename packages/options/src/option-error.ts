/** Why a command line was not accepted; see {@link OptionError}. */
export type OptionErrorCode =
  | 'UNKNOWN_OPTION'
  | 'MISSING_ARGUMENT'
  | 'UNEXPECTED_ARGUMENT'
  | 'INVALID_VALUE'
  | 'CONFLICT'
  | 'NOT_SUPPORTED'
  | 'USAGE'
  /** Options, and nothing to copy. */
  | 'NO_SOURCE';

/**
 * A command line that cannot be run. `message` is what rsync prints for it, as a byte string and
 * without the closing `rsync error: …` line, which belongs to the program that prints.
 */
export class OptionError extends Error {
  override readonly name: string = 'OptionError';
  readonly code: OptionErrorCode;
  /** 1 syntax or usage, 2 protocol out of range, 4 not supported (docs/spec/session.md §10.1). */
  readonly exitCode: 1 | 2 | 4;

  constructor(message: string, code: OptionErrorCode, exitCode: 1 | 2 | 4 = 1) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** The refusal of an option of rsync that Deltawire does not have yet. */
export const notSupported = (what: string): OptionError =>
  new OptionError(
    `rsync: ${what} is not supported by this version of deltawire yet`,
    'NOT_SUPPORTED',
    4,
  );
