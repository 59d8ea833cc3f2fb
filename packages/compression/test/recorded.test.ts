import { describe, expect, test } from 'vitest';
import { compressionLevel, createTokenCompressor, createTokenDecompressor } from '../src/index.ts';
import { compressAgain, rebuild, recordedSessions } from './recorded.ts';

describe.each(recordedSessions())('$compression, protocol $protocol', ({ compression, files }) => {
  test('what the real program wrote is decompressed', () => {
    const codec = createTokenDecompressor(compression);
    for (const file of files) expect(rebuild(file, file.steps, codec)).toEqual(file.content);
    codec.close();
  });

  test('what we write instead is decompressed, and no longer', () => {
    const compressor = createTokenCompressor(
      compression,
      compressionLevel(compression, undefined)!,
    );
    const decompressor = createTokenDecompressor(compression);
    const size = (steps: (typeof files)[number]['steps']): number =>
      steps.reduce(
        (sum, s) => sum + (s.kind === 'span' ? s.records.reduce((n, r) => n + r.length, 0) : 0),
        0,
      );
    for (const file of files) {
      const steps = compressAgain(file, compressor);
      expect(rebuild(file, steps, decompressor)).toEqual(file.content);
      expect(size(steps)).toBeLessThanOrEqual(size(file.steps) * 1.02);
    }
    compressor.close();
    decompressor.close();
  });
});
