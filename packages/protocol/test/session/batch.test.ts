import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type BatchHeader,
  ByteReader,
  ByteWriter,
  DecodeBuffer,
  readBatchHeader,
  writeBatchHeader,
} from '../../src/index.ts';
import { everySplit } from '../splits.ts';
import { bytes, hex } from '../vectors.ts';

const encode = (header: BatchHeader): Uint8Array => {
  const writer = new ByteWriter();
  writeBatchHeader(writer, header);
  return writer.take();
};

// Captured from rsync 3.5.0: `-a --checksum-seed=7`, and `-aH --protocol=28`.
test.each([
  ['9f000000 20000000 81ff 07000000', { flags: 0x9f, protocol: 32, compatFlags: 0x1ff, seed: 7 }],
  ['bf000000 1c000000 8eb2136b', { flags: 0xbf, protocol: 28, compatFlags: 0, seed: 0x6b13b28e }],
])('%s', (text, header) => {
  expect(readBatchHeader(new ByteReader(bytes(text)), 32)).toEqual(header);
  expect(hex(encode(header))).toBe(text.replaceAll(' ', ''));
});

test('round trip at every split', () => {
  const headers = fc.record({
    flags: fc.integer({ min: 0, max: 0x7fff }),
    protocol: fc.integer({ min: 27, max: 32 }),
    compatFlags: fc.integer({ min: 0, max: 0x1ff }),
    seed: fc.integer(),
  });
  fc.assert(
    fc.property(headers, (made) => {
      const header = made.protocol < 30 ? { ...made, compatFlags: 0 } : made;
      for (const chunks of everySplit(encode(header))) {
        const buffer = new DecodeBuffer();
        let read: BatchHeader | undefined;
        for (const chunk of chunks) {
          expect(read).toBeUndefined();
          buffer.push(chunk);
          read = buffer.attempt((r) => readBatchHeader(r, 32));
        }
        expect(read).toEqual(header);
      }
    }),
    { numRuns: 30 },
  );
});

test('a version that is not spoken here is refused', () => {
  const newer = encode({ flags: 0, protocol: 48, compatFlags: 0, seed: 0 });
  expect(() => readBatchHeader(new ByteReader(newer), 32)).toThrow(
    'The protocol version in the batch file is too new (48 > 32).',
  );
  const older = encode({ flags: 0, protocol: 26, compatFlags: 0, seed: 0 });
  expect(() => readBatchHeader(new ByteReader(older), 32)).toThrow('too old (26 < 27)');
});
