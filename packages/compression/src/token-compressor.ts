/** Gets bytes that are only valid during the call. */
export type Sink = (bytes: Uint8Array) => void;

/**
 * Compresses the literal data of one direction of a session, file after file. All methods are
 * synchronous. What `emit` gets are the contents of records of 1 to 16383 bytes.
 *
 * A *span* is literal data without a match in between; after {@link flush} all of it can be
 * decompressed.
 */
export interface TokenCompressor {
  /** Whether matched data must be told, because it becomes part of the history (zlib). */
  readonly wantsMatches: boolean;
  /** The next file begins. */
  startFile(): void;
  /** More literal data of the span. Some of it may stay inside until the flush. */
  literal(bytes: Uint8Array, emit: Sink): void;
  /** End of the span: a match or the end of the file follows. */
  flush(emit: Sink): void;
  /** Data of matched blocks, in order; see `windowRanges` for which of it is enough. */
  matched(bytes: Uint8Array): void;
  /** Give memory outside the heap back. */
  close(): void;
}

/** The other end of {@link TokenCompressor}. */
export interface TokenDecompressor {
  readonly wantsMatches: boolean;
  startFile(): void;
  /**
   * Decompress one record; `emit` gets the literal data in pieces.
   *
   * @throws CompressionError
   */
  record(bytes: Uint8Array, emit: Sink): void;
  /** No further record follows directly: a match or the end of the file was read. */
  endSpan(emit: Sink): void;
  matched(bytes: Uint8Array): void;
  close(): void;
}

/** Most bytes in a record (docs/spec/data.md §7.3). */
export const RECORD_MAX_BYTES = 16383;
