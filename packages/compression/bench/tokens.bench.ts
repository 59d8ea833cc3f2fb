import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import {
  type CompressorName,
  compressionLevel,
  createTokenCompressor,
  createTokenDecompressor,
} from '../src/index.ts';

/** English with tables. */
const text = readFileSync(new URL('../../../docs/spec/data.md', import.meta.url));

const NAMES: readonly Exclude<CompressorName, 'zlib'>[] = ['zstd', 'lz4', 'zlibx'];

/** Compress one token behind a match and flush it. */
function tokens(name: CompressorName, length: number, matched: number): () => void {
  const compressor = createTokenCompressor(name, compressionLevel(name, undefined)!);
  let at = 0;
  return () => {
    at = (at + 4099) % (text.length - length);
    compressor.matched(text.subarray(0, matched));
    compressor.literal(text.subarray(at, at + length), () => {});
    compressor.flush(() => {});
  };
}

/** Divide the length by the time of one call. */
for (const length of [700, 32_768]) {
  test(`a token of ${length} bytes`, async ({ bench }) => {
    await bench.compare(
      ...NAMES.map((name) => bench(name, tokens(name, length, 0))),
      bench('zlib, 700 bytes matched before', tokens('zlib', length, 700)),
      bench('zlib, 32 KiB matched before', tokens('zlib', length, 32_768)),
      { time: 300 },
    );
  });
}

test('decompress 1 MiB', async ({ bench }) => {
  const data = Buffer.concat(Array.from({ length: 8 }, () => text)).subarray(0, 1 << 20);
  const cases = NAMES.map((name) => {
    const records: Uint8Array[] = [];
    const compressor = createTokenCompressor(name, compressionLevel(name, undefined)!);
    const keep = (record: Uint8Array): void => void records.push(record.slice());
    for (let at = 0; at < data.length; at += 32_768) {
      compressor.literal(data.subarray(at, at + 32_768), keep);
    }
    compressor.flush(keep);
    return bench(name, () => {
      const decompressor = createTokenDecompressor(name);
      for (const record of records) decompressor.record(record, () => {});
      decompressor.close();
    });
  });
  await bench.compare(...cases, { time: 300 });
});
