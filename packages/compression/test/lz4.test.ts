import { randomBytes } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { CompressionError } from '../src/index.ts';
import { Lz4Compressor, Lz4Decompressor } from '../src/lz4.ts';
import { compressAgain, recordedSessions } from './recorded.ts';

function records(data: Uint8Array): Uint8Array[] {
  const result: Uint8Array[] = [];
  new Lz4Compressor().literal(data, (bytes) => result.push(bytes.slice()));
  return result;
}

test('records are those of the real program, byte for byte', () => {
  const session = recordedSessions().find(({ compression }) => compression === 'lz4')!;
  const compressor = new Lz4Compressor();
  for (const file of session.files) {
    const bytes = (steps: typeof file.steps): Buffer[] =>
      steps.flatMap((step) =>
        step.kind === 'span' ? step.records.map((r) => Buffer.from(r)) : [],
      );
    expect(bytes(compressAgain(file, compressor))).toEqual(bytes(file.steps));
  }
});

test('data that does not shrink is cut in halves until a record holds it', () => {
  const lengths = records(randomBytes(32_768, 1)).map((record) => {
    let length = 0;
    new Lz4Decompressor().record(record, (bytes) => {
      length = bytes.length;
    });
    return length;
  });
  expect(lengths).toEqual([8191, 8191, 8191, 8195]);
});

test('a record decompresses on its own, and to a bounded length', () => {
  const bomb = Buffer.concat([
    Buffer.from('1f00', 'hex'),
    Buffer.from([1, 0]),
    Buffer.alloc(200, 255),
    Buffer.from('00500000000000', 'hex'),
  ]);
  expect(() => new Lz4Decompressor().record(bomb, () => {})).toThrow(CompressionError);
});
