/**
 * Find a basis file's blocks in new data, and rebuild data from blocks and literals.
 *
 * @packageDocumentation
 */
export { type AppliedDelta, DeltaApplier, type DeltaApplierOptions } from './apply.ts';
export { BlockIndex } from './block-index.ts';
export { DeltaError, type DeltaErrorCode } from './delta-error.ts';
export { type DeltaOp, type LiteralOp, MAX_LITERAL, type MatchOp } from './delta-op.ts';
export { type SearchOptions, searchDelta } from './search.ts';
