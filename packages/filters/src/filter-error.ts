/** Which kind of mistake a rule contains. */
export type FilterErrorCode = 'SYNTAX' | 'FILE' | 'TOO_MODERN';

/** Exit code of rsync for each kind (`docs/spec/data.md` §12.1, §12.6). */
const exitCodes: Readonly<Record<FilterErrorCode, number>> = { SYNTAX: 1, FILE: 11, TOO_MODERN: 2 };

/** A filter rule that cannot be parsed, a rule file that cannot be read, or a peer too old for a rule. */
export class FilterError extends Error {
  override readonly name: string = 'FilterError';
  readonly code: FilterErrorCode;
  /** The code with which rsync exits for this error. */
  readonly exitCode: number;

  constructor(code: FilterErrorCode, message: string) {
    super(message);
    this.code = code;
    this.exitCode = exitCodes[code];
  }
}
