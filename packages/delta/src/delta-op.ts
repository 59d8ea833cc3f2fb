/** Longest literal of one op, bytes; also the longest literal token rsync sends (docs/spec/data.md §7.1). */
export const MAX_LITERAL: number = 32768;

/** New bytes that the basis does not have. */
export interface LiteralOp {
  readonly kind: 'literal';
  /** 1 to {@link MAX_LITERAL} bytes: a view into the search window, valid until the next op is asked for. */
  readonly bytes: Uint8Array;
}

/** A run of consecutive basis blocks. */
export interface MatchOp {
  readonly kind: 'match';
  /** Index of the first block. */
  readonly block: number;
  /** Number of consecutive blocks, at least 1. Very long runs come as several ops. */
  readonly count: number;
}

/** One step of rebuilding a file from its basis. */
export type DeltaOp = LiteralOp | MatchOp;
