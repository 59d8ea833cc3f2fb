import type { CompressorName, TokenCompressor, TokenDecompressor } from '@deltawire/compression';

/** The compressor that a session has agreed on, with the code for it. */
export interface Compression {
  readonly name: CompressorName;
  readonly level: number;
  /** The parts of a run of matched blocks that the compressor's window will hold. */
  readonly windowRanges: typeof import('@deltawire/compression').windowRanges;
  createCompressor(): TokenCompressor;
  createDecompressor(): TokenDecompressor;
  /** Whether an error says that received data cannot be decompressed. */
  isDataError(error: unknown): error is Error;
  /** Give memory outside the heap back. */
  close(): void;
}

/**
 * Load a compressor. Sessions without `-z` never come here: their start does not pay for it.
 *
 * @param level - 0 stores without compressing (zlib, zlibx)
 */
export async function loadCompression(name: CompressorName, level: number): Promise<Compression> {
  const { CompressionError, createTokenCompressor, createTokenDecompressor, windowRanges } =
    await import('@deltawire/compression');
  const codecs: { close(): void }[] = [];
  const keep = <T extends { close(): void }>(codec: T): T => {
    codecs.push(codec);
    return codec;
  };
  return {
    name,
    level,
    windowRanges,
    createCompressor: () => keep(createTokenCompressor(name, level)),
    createDecompressor: () => keep(createTokenDecompressor(name)),
    isDataError: (error) => error instanceof CompressionError,
    close: () => {
      for (const codec of codecs.splice(0)) codec.close();
    },
  };
}
