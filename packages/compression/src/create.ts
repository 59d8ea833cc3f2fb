import type { CompressorName } from './algorithms.ts';
import { DeflateCompressor, DeflateDecompressor } from './deflate.ts';
import { Lz4Compressor, Lz4Decompressor } from './lz4.ts';
import type { TokenCompressor, TokenDecompressor } from './token-compressor.ts';
import { ZstdCompressor, ZstdDecompressor } from './zstd.ts';

/**
 * The compressor for one session's outgoing data.
 *
 * @param level - as `compressionLevel` gives it; 0 stores without compressing (zlib, zlibx)
 */
export function createTokenCompressor(name: CompressorName, level: number): TokenCompressor {
  switch (name) {
    case 'zlib':
    case 'zlibx':
      return new DeflateCompressor(level, name === 'zlib');
    case 'zstd':
      return new ZstdCompressor(level);
    case 'lz4':
      return new Lz4Compressor();
  }
}

/** The decompressor for one session's incoming data. */
export function createTokenDecompressor(name: CompressorName): TokenDecompressor {
  switch (name) {
    case 'zlib':
    case 'zlibx':
      return new DeflateDecompressor(name === 'zlib');
    case 'zstd':
      return new ZstdDecompressor();
    case 'lz4':
      return new Lz4Decompressor();
  }
}
