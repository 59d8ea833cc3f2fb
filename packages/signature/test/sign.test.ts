import {
  hashBlock,
  planTransferChecksum,
  type TransferChecksum,
  weakSum,
} from '@deltawire/checksums';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BlockLayout, blockRange, planBlocks } from '../src/block-layout.ts';
import { type ReadAt, SignatureBuilder, sign, signSync } from '../src/sign.ts';
import type { Signature } from '../src/signature.ts';

const names = ['xxh128', 'xxh3', 'xxh64', 'md5', 'md4', 'sha1'] as const;

function checksumOf(name: (typeof names)[number], seed: number = 99): TransferChecksum {
  return planTransferChecksum({ name, origin: 'negotiated', protocol: 31, seedFix: true, seed });
}

function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0, x = 1; i < length; i++) {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0;
    bytes[i] = x >>> 16;
  }
  return bytes;
}

/** Reads at most `most` bytes at a time. */
function reader(bytes: Uint8Array, most: number = Number.POSITIVE_INFINITY): ReadAt {
  return (target, position) => {
    const piece = bytes.subarray(position, position + Math.min(target.length, most));
    target.set(piece);
    return piece.length;
  };
}

/** Block by block, by definition. */
function naiveSignature(
  bytes: Uint8Array,
  layout: BlockLayout,
  checksum: TransferChecksum,
): Signature {
  const { blockCount, strongLength } = layout;
  const weak = new Uint32Array(blockCount);
  const strong = new Uint8Array(blockCount * strongLength);
  for (let i = 0; i < blockCount; i++) {
    const { offset, length } = blockRange(layout, i);
    const block = bytes.subarray(offset, offset + length);
    weak[i] = weakSum(block);
    strong.set(hashBlock(checksum, block).subarray(0, strongLength), i * strongLength);
  }
  return { layout, weak, strong };
}

test('signSync(), sign() and SignatureBuilder agree with block-by-block hashing', async () => {
  const bytes = noise(40_000);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.nat(bytes.length),
      fc.oneof(
        fc.constant(0),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 300, max: 50_000 }),
      ),
      fc.boolean(),
      fc.array(fc.integer({ min: 0, max: 9000 }), { maxLength: 8 }),
      async (name, length, blockSize, full, cuts) => {
        const checksum = checksumOf(name);
        const { digestLength } = checksum;
        const file = bytes.subarray(0, length);
        const layout = planBlocks(length, { protocol: 31, digestLength, blockSize, full });
        const expected = naiveSignature(file, layout, checksum);
        expect(signSync(reader(file), layout, checksum)).toEqual(expected);
        expect(await sign(file, layout, checksum)).toEqual(expected);
        expect(await sign(chunks(file, cuts), layout, checksum)).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
});

async function* chunks(bytes: Uint8Array, lengths: readonly number[]): AsyncIterable<Uint8Array> {
  let from = 0;
  for (const length of lengths) {
    yield bytes.subarray(from, from + length);
    from += length;
  }
  yield bytes.subarray(from);
}

test('files of several chunks, blocks that do not divide them, short reads', () => {
  const bytes = noise(3_300_001);
  for (const [name, blockSize] of [
    ['md5', 0],
    ['md4', 131072],
    ['xxh128', 100_000],
    ['sha1', 65_537],
  ] as const) {
    const checksum = checksumOf(name);
    const layout = planBlocks(bytes.length, {
      protocol: 31,
      digestLength: checksum.digestLength,
      blockSize,
    });
    const expected = naiveSignature(bytes, layout, checksum);
    expect(signSync(reader(bytes), layout, checksum)).toEqual(expected);
    expect(signSync(reader(bytes, 99_999), layout, checksum)).toEqual(expected);
    const builder = new SignatureBuilder(layout, checksum);
    for (let from = 0; from < bytes.length; from += 123_456) {
      builder.push(bytes.subarray(from, from + 123_456));
    }
    expect(builder.finish()).toEqual(expected);
  }
});

test.each(['md4', 'xxh64'] as const)('blocks longer than the kernel holds (%s)', (name) => {
  const bytes = noise(2_700_000);
  const checksum = checksumOf(name);
  for (const blockSize of [1 << 20, (1 << 20) + 1, 1_300_000, 2_700_000, 2 ** 29]) {
    const layout = planBlocks(bytes.length, { protocol: 29, digestLength: 16, blockSize });
    const limited = { ...layout, strongLength: 8 };
    const expected = naiveSignature(bytes, limited, checksum);
    expect(signSync(reader(bytes, 700_000), limited, checksum)).toEqual(expected);
    const builder = new SignatureBuilder(limited, checksum);
    for (let from = 0; from < bytes.length; from += 400_000) {
      builder.push(bytes.subarray(from, from + 400_000));
    }
    expect(builder.finish()).toEqual(expected);
  }
});

test('two builders may take turns', () => {
  const bytes = noise(10_000);
  const builds = (['md5', 'xxh3'] as const).map((name) => {
    const checksum = checksumOf(name);
    const layout = planBlocks(bytes.length, { protocol: 31, digestLength: checksum.digestLength });
    return { layout, checksum, builder: new SignatureBuilder(layout, checksum) };
  });
  for (let from = 0; from < bytes.length; from += 77) {
    for (const { builder } of builds) builder.push(bytes.subarray(from, from + 77));
  }
  for (const { builder, layout, checksum } of builds) {
    expect(builder.finish()).toEqual(naiveSignature(bytes, layout, checksum));
  }
});

test('an empty file has an empty signature and is not read', () => {
  const checksum = checksumOf('md5');
  const layout = planBlocks(0, { protocol: 31, digestLength: 16 });
  const read: ReadAt = () => {
    throw new Error('read');
  };
  const signature = signSync(read, layout, checksum);
  expect([signature.weak.length, signature.strong.length]).toEqual([0, 0]);
  expect(new SignatureBuilder(layout, checksum).finish()).toEqual(signature);
});

test('a file that shrank is an error, one that grew is not', () => {
  const bytes = noise(5000);
  const checksum = checksumOf('md5');
  const layout = planBlocks(5000, { protocol: 31, digestLength: 16 });
  const shrank = expect.objectContaining({
    code: 'FILE_SHRANK',
    message: expect.stringContaining('byte 4999'),
  });
  expect(() => signSync(reader(bytes.subarray(0, 4999)), layout, checksum)).toThrow(shrank);
  const builder = new SignatureBuilder(layout, checksum);
  builder.push(bytes.subarray(0, 4999));
  expect(() => builder.finish()).toThrow(shrank);
  builder.push(new Uint8Array(500).fill(bytes[4999]!));
  expect(builder.finish()).toEqual(naiveSignature(bytes, layout, checksum));
});

test('a digest shorter than the layout wants is an error', () => {
  const layout = planBlocks(5000, { protocol: 31, digestLength: 16, full: true });
  const short = expect.objectContaining({ code: 'DIGEST_TOO_SHORT' });
  expect(() => signSync(reader(noise(5000)), layout, checksumOf('xxh3'))).toThrow(short);
  expect(() => new SignatureBuilder(layout, checksumOf('xxh64'))).toThrow(short);
});
