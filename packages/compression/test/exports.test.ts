import { expect, test } from 'vitest';
import * as api from '../src/index.ts';

test('exports', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "COMPRESSOR_NAMES",
      "CompressionError",
      "RECORD_MAX_BYTES",
      "WINDOW_BYTES",
      "compressLz4Block",
      "compressionLevel",
      "createTokenCompressor",
      "createTokenDecompressor",
      "decompressLz4Block",
      "lz4Bound",
      "negotiateCompressor",
      "offeredCompressors",
      "parseCompressorName",
      "windowRanges",
    ]
  `);
});
