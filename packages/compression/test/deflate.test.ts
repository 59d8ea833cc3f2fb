import { inflateRawSync } from 'node:zlib';
import { randomBytes } from '@deltawire/testkit';
import { describe, expect, test } from 'vitest';
import { DeflateCompressor, DeflateDecompressor } from '../src/deflate.ts';
import { CompressionError } from '../src/index.ts';
import { repetitive, roundTrip } from './spans.ts';

const text = repetitive(200_000, 5);

test('the records of a file are one raw deflate stream without its flush marks', () => {
  const compressor = new DeflateCompressor(6, false);
  const records: Uint8Array[] = [];
  const emit = (bytes: Uint8Array): void => void records.push(bytes.slice());
  compressor.startFile();
  for (const [from, to] of [
    [0, 50_000],
    [50_000, 50_001],
    [50_001, 120_000],
  ] as const) {
    compressor.literal(text.subarray(from, to), emit);
    compressor.flush(emit);
    records.push(Uint8Array.of(0, 0, 255, 255));
  }
  const end = Uint8Array.of(1, 0, 0, 255, 255);
  expect(inflateRawSync(Buffer.concat([...records, end]))).toEqual(text.subarray(0, 120_000));
  compressor.close();
});

test('each file begins anew', () => {
  const compressor = new DeflateCompressor(6, true);
  const once = (): string => {
    const records: Uint8Array[] = [];
    compressor.startFile();
    compressor.literal(text.subarray(0, 3000), (bytes) => records.push(bytes.slice()));
    compressor.flush((bytes) => records.push(bytes.slice()));
    return Buffer.concat(records).toString('hex');
  };
  const first = once();
  expect(once()).toBe(first);
  for (const length of [10, 4000, 40_000]) {
    compressor.matched(text.subarray(0, length));
    compressor.literal(text.subarray(0, 500), () => {});
    expect(once()).toBe(first);
  }
  compressor.close();
});

// Few matched bytes are compressed for nothing, many become a dictionary: the border is 4096.
describe.each([1, 4095, 4096, 4097, 32_767, 32_768, 32_769, 100_000])(
  '%i matched bytes',
  (length) => {
    test('are history as far as the window reaches', () => {
      const data = randomBytes(length, length);
      const seen = data.subarray(Math.max(0, length - 32_000));
      const parts = [
        { kind: 'literal', pieces: [text.subarray(0, 10_000)] },
        { kind: 'match', data: data.subarray(0, length >> 1) },
        { kind: 'match', data: data.subarray(length >> 1) },
        { kind: 'literal', pieces: [seen] },
      ] as const;
      for (const level of [1, 6, 9]) {
        const { received, compressedBytes } = roundTrip('zlib', level, [parts, parts]);
        const expected = Buffer.concat([text.subarray(0, 10_000), data, seen]);
        expect(received.every((file) => file.equals(expected))).toBe(true);
        const plain = roundTrip('zlibx', level, [parts, parts]).compressedBytes;
        if (length > 4000) expect(compressedBytes).toBeLessThan(plain - 1.8 * seen.length);
      }
    });
  },
);

describe('hostile records', () => {
  test.each(['ffffff', '06', '0700000000ff', '05'])('%s', (hex) => {
    const decompressor = new DeflateDecompressor(true);
    decompressor.startFile();
    const run = (): void => {
      for (let i = 0; i < 20; i++) decompressor.record(Buffer.from(hex, 'hex'), () => {});
      decompressor.endSpan(() => {});
    };
    expect(run).toThrow(CompressionError);
    expect(run).toThrow(CompressionError); // and stays broken
    decompressor.close();
  });

  test('a copy from before the start of the file', () => {
    const compressor = new DeflateCompressor(6, true);
    compressor.startFile();
    compressor.matched(text.subarray(0, 10_000));
    const records: Uint8Array[] = [];
    compressor.literal(text.subarray(0, 5000), (bytes) => records.push(bytes.slice()));
    compressor.flush((bytes) => records.push(bytes.slice()));
    const decompressor = new DeflateDecompressor(true);
    decompressor.startFile();
    const run = (): void => {
      for (const record of records) decompressor.record(record, () => {});
    };
    expect(run).toThrow(CompressionError);
    compressor.close();
    decompressor.close();
  });
});
