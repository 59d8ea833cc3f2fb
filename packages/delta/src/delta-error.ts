/** What went wrong in applying a delta. */
export type DeltaErrorCode =
  /** A block was asked for, but there is no basis. */
  | 'NO_BASIS'
  /** A block index outside the layout. */
  | 'BLOCK_RANGE'
  /** The basis ended before the end of a block. */
  | 'BASIS_SHORT';

/** A delta that cannot be applied to the basis at hand. */
export class DeltaError extends Error {
  override readonly name: string = 'DeltaError';
  readonly code: DeltaErrorCode;

  constructor(code: DeltaErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
