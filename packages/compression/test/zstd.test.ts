import { constants, zstdCompressSync } from 'node:zlib';
import { randomBytes } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { CompressionError } from '../src/index.ts';
import { ZstdCompressor, ZstdDecompressor } from '../src/zstd.ts';
import { contentOf, type Part, repetitive, roundTrip } from './spans.ts';

const MAGIC = '28b52ffd';

test('one stream for all files: only the first record has the magic number', () => {
  const compressor = new ZstdCompressor(3);
  const starts = [0, 1, 2].map((file) => {
    const records: string[] = [];
    const emit = (bytes: Uint8Array): void => void records.push(Buffer.from(bytes).toString('hex'));
    compressor.startFile();
    compressor.literal(Buffer.from(`file ${file}`), emit);
    compressor.flush(emit);
    return records.join('').startsWith(MAGIC);
  });
  expect(starts).toEqual([true, false, false]);
  compressor.close();
});

test('files share their history', () => {
  const parts: Part[] = [{ kind: 'literal', pieces: [Buffer.from(randomBytes(20_000, 4))] }];
  const once = roundTrip('zstd', 3, [parts]).compressedBytes;
  const { received, compressedBytes } = roundTrip('zstd', 3, [parts, parts, parts]);
  expect(received.every((file) => file.equals(contentOf(parts)))).toBe(true);
  expect(compressedBytes).toBeLessThan(once + 500);
});

test('levels reach the compressor', () => {
  const parts: Part[] = [{ kind: 'literal', pieces: [repetitive(60_000, 9)] }];
  const size = (level: number): number => roundTrip('zstd', level, [parts]).compressedBytes;
  expect(size(19)).toBeLessThan(size(-50));
});

test('what a record unfolds to is handed out in pieces', () => {
  const bomb = zstdCompressSync(Buffer.alloc(12 << 20));
  expect(bomb.length).toBeLessThan(16_383);
  const decompressor = new ZstdDecompressor();
  let total = 0;
  let largest = 0;
  decompressor.record(bomb, (bytes) => {
    total += bytes.length;
    largest = Math.max(largest, bytes.length);
  });
  expect(total).toBe(12 << 20);
  expect(largest).toBeLessThanOrEqual(128 << 10);
  decompressor.close();
});

test('hostile records', () => {
  const good = zstdCompressSync(repetitive(5000, 3), {
    params: { [constants.ZSTD_c_checksumFlag]: 1 },
  });
  const bad = Buffer.from(good);
  bad[bad.length - 1]! ^= 0xff;
  for (const record of [Buffer.from('no zstd at all'), bad]) {
    const decompressor = new ZstdDecompressor();
    expect(() => decompressor.record(record, () => {})).toThrow(CompressionError);
    expect(() => decompressor.record(record, () => {})).toThrow(CompressionError);
    decompressor.close();
  }
});
