/**
 * How rsync compresses the literal data of a delta: zlib, zlibx, zstd and lz4, driven synchronously.
 *
 * @packageDocumentation
 */
export {
  COMPRESSOR_NAMES,
  type CompressorName,
  compressionLevel,
  parseCompressorName,
} from './algorithms.ts';
export { CompressionError } from './compression-error.ts';
export { createTokenCompressor, createTokenDecompressor } from './create.ts';
export { compressLz4Block, decompressLz4Block, lz4Bound } from './lz4-block.ts';
export { negotiateCompressor, offeredCompressors } from './negotiate.ts';
export {
  RECORD_MAX_BYTES,
  type Sink,
  type TokenCompressor,
  type TokenDecompressor,
} from './token-compressor.ts';
export { type MatchedRun, type Range, WINDOW_BYTES, windowRanges } from './window.ts';
