import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHECKSUM_NAMES } from '../src/algorithms.ts';
import { BlockHasher } from '../src/block-hasher.ts';
import {
  hashBlock,
  planTransferChecksum,
  type TransferChecksum,
} from '../src/transfer-checksum.ts';
import { naiveWeakSum, noise, oracle, toHex } from './vectors.ts';

const seeds = [0, 1, -1, 0x12345678, -0x80000000];
/** Every checksum with every place for the seed. */
const checksums = CHECKSUM_NAMES.filter((name) => name !== 'none').flatMap((name) =>
  (['implied', 'explicit'] as const).flatMap((origin) =>
    seeds.map((seed) => planTransferChecksum({ name, origin, protocol: 30, seedFix: false, seed })),
  ),
);
const plain = planTransferChecksum({
  name: 'md5',
  origin: 'negotiated',
  protocol: 31,
  seedFix: true,
  seed: 7,
});

function expectBlocks(
  hasher: BlockHasher,
  checksum: TransferChecksum,
  bytes: Uint8Array,
  blockLength: number,
  strongLength: number,
): void {
  const count = Math.ceil(bytes.length / blockLength);
  const weak = new Uint32Array(count + 1).fill(99);
  const strong = new Uint8Array((count + 1) * strongLength).fill(99);
  hasher.input.set(bytes);
  expect(hasher.hashBlocks(bytes.length, blockLength, weak, strong, strongLength, 1)).toBe(count);
  expect(weak[0]).toBe(99);
  for (let i = 0; i < count; i++) {
    const block = bytes.subarray(i * blockLength, (i + 1) * blockLength);
    expect(weak[i + 1], `weak sum ${i}`).toBe(naiveWeakSum(block));
    const sum = strong.subarray((i + 1) * strongLength, (i + 2) * strongLength);
    expect(toHex(sum), `strong sum ${i} of ${checksum.name}`).toBe(
      toHex(hashBlock(checksum, block).subarray(0, strongLength)),
    );
  }
}

test.each(['simd', 'scalar'] as const)(
  '%s: any block length, count, seed and digest width',
  (variant) => {
    const hasher = new BlockHasher(plain, 1 << 17, variant);
    fc.assert(
      fc.property(
        fc.constantFrom(...checksums),
        fc.oneof(fc.integer({ min: 1, max: 260 }), fc.integer({ min: 1, max: 5000 })),
        fc.integer({ min: 1, max: 26 }),
        fc.nat(),
        fc.nat(20),
        (checksum, blockLength, blocks, short, width) => {
          hasher.use(checksum);
          const length = Math.max(1, blocks * blockLength - (short % blockLength));
          expectBlocks(
            hasher,
            checksum,
            noise(length, short),
            blockLength,
            Math.min(width, checksum.digestLength),
          );
        },
      ),
      { numRuns: 250 },
    );
  },
);

test.each(['simd', 'scalar'] as const)(
  '%s: digests equal another implementation',
  async (variant) => {
    for (const name of ['xxh128', 'xxh3', 'xxh64', 'md5', 'md4', 'sha1'] as const) {
      const checksum = {
        ...plain,
        name,
        digestLength: planTransferChecksum({
          ...plain,
          name,
          origin: 'explicit',
          protocol: 31,
          seedFix: true,
        }).digestLength,
        seed: 0,
      };
      const hasher = new BlockHasher(checksum, 1 << 16, variant);
      const other = await oracle(name);
      for (const blockLength of [1, 16, 55, 56, 63, 64, 65, 119, 128, 240, 241, 700, 1024, 4096]) {
        const bytes = noise(blockLength * 13);
        const strong = new Uint8Array(13 * checksum.digestLength);
        hasher.input.set(bytes);
        hasher.hashBlocks(
          bytes.length,
          blockLength,
          new Uint32Array(13),
          strong,
          checksum.digestLength,
          0,
        );
        const expected = Array.from({ length: 13 }, (_, i) =>
          other(bytes.subarray(i * blockLength, (i + 1) * blockLength)),
        );
        expect(toHex(strong), `${name} ${blockLength}`).toBe(expected.join(''));
      }
    }
  },
);

test('tiny blocks fill more than one batch of results', () => {
  const hasher = new BlockHasher(plain, 20_000);
  for (const blockLength of [1, 2, 3]) {
    expectBlocks(hasher, plain, noise(20_000), blockLength, 3);
  }
});

test('one block may fill the whole input', () => {
  const hasher = new BlockHasher(plain, 131072);
  expectBlocks(hasher, plain, noise(131072), 131072, 16);
  expectBlocks(hasher, plain, noise(131071), 131072, 16);
});

test('several hashers do not disturb each other', () => {
  const hashers = [new BlockHasher(plain, 4096), new BlockHasher(plain, 4096)];
  hashers[0]!.input.set(noise(4096, 1));
  expectBlocks(hashers[1]!, plain, noise(4096, 2), 700, 16);
  expect(toHex(hashers[0]!.input)).toBe(toHex(noise(4096, 1)));
});

test('impossible requests are refused', () => {
  const hasher = new BlockHasher(plain, 1000);
  const call = (bytes: number, block: number, strong: number) => () =>
    hasher.hashBlocks(bytes, block, new Uint32Array(10), new Uint8Array(200), strong, 0);
  expect(call(1001, 700, 2)).toThrow(RangeError);
  expect(call(1000, 0, 2)).toThrow(RangeError);
  expect(call(1000, 700, 17)).toThrow('strongLength 17 exceeds the digest, 16');
  expect(() => hasher.use({ ...plain, name: 'none' })).toThrow(RangeError);
});
