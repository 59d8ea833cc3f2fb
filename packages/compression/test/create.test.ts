import { randomBytes } from '@deltawire/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  COMPRESSOR_NAMES,
  compressionLevel,
  createTokenCompressor,
  createTokenDecompressor,
} from '../src/index.ts';
import { contentOf, type Part, repetitive, roundTrip } from './spans.ts';

const text = repetitive(300_000, 1);
const noise = randomBytes(300_000, 2);

const bytes = fc
  .record({
    from: fc.constantFrom(text, noise),
    start: fc.nat(200_000),
    length: fc.oneof({ arbitrary: fc.nat(2000), weight: 4 }, fc.nat(70_000)),
  })
  .map(({ from, start, length }) => from.subarray(start, start + length));

const part: fc.Arbitrary<Part> = fc.oneof(
  fc
    .array(bytes, { minLength: 1, maxLength: 3 })
    .map((pieces) => ({ kind: 'literal' as const, pieces })),
  bytes.map((data) => ({ kind: 'match' as const, data })),
);

describe.each(COMPRESSOR_NAMES)('%s', (name) => {
  test('any order of literal data and matches, in several files', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(part, { maxLength: 8 }), { minLength: 1, maxLength: 3 }),
        (files) => {
          const { received } = roundTrip(name, compressionLevel(name, undefined)!, files);
          expect(received.map((file, i) => file.equals(contentOf(files[i]!)))).toEqual(
            files.map(() => true),
          );
        },
      ),
      { numRuns: 15 },
    );
  });

  test('a long span is emitted while it comes', () => {
    const compressor = createTokenCompressor(name, compressionLevel(name, undefined)!);
    let records = 0;
    for (let i = 0; i < 8; i++)
      compressor.literal(noise.subarray(i * 32_768, (i + 1) * 32_768), () => records++);
    expect(records).toBeGreaterThan(10);
    compressor.close();
  });

  test('nothing becomes nothing', () => {
    const compressor = createTokenCompressor(name, compressionLevel(name, undefined)!);
    const decompressor = createTokenDecompressor(name);
    const never = (): void => expect.unreachable();
    compressor.startFile();
    compressor.flush(never);
    compressor.literal(new Uint8Array(0), never);
    compressor.flush(never);
    compressor.matched(text.subarray(0, 100));
    compressor.flush(never);
    decompressor.startFile();
    decompressor.endSpan(never);
    compressor.close();
    decompressor.close();
  });
});

test('only zlib wants matches, and makes use of them', () => {
  expect(COMPRESSOR_NAMES.filter((name) => createTokenCompressor(name, 6).wantsMatches)).toEqual([
    'zlib',
  ]);
  expect(COMPRESSOR_NAMES.filter((name) => createTokenDecompressor(name).wantsMatches)).toEqual([
    'zlib',
  ]);
  const parts: Part[] = [
    { kind: 'match', data: noise.subarray(0, 20_000) },
    { kind: 'literal', pieces: [noise.subarray(1000, 11_000)] },
  ];
  expect(roundTrip('zlib', 6, [parts]).compressedBytes).toBeLessThan(200);
  expect(roundTrip('zlibx', 6, [parts]).compressedBytes).toBeGreaterThan(10_000);
});

test('level 0 stores', () => {
  const parts: Part[] = [{ kind: 'literal', pieces: [text.subarray(0, 50_000)] }];
  for (const name of ['zlib', 'zlibx'] as const) {
    const { received, compressedBytes } = roundTrip(name, 0, [parts]);
    expect(received[0]).toEqual(text.subarray(0, 50_000));
    expect(compressedBytes).toBeGreaterThan(50_000);
  }
});
