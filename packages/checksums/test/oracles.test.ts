/* Sums of any length, seed and alignment against implementations that are not ours: hash-wasm and node:crypto. */

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BlockHasher } from '../src/block-hasher.ts';
import { createStrongHash } from '../src/strong-hash.ts';
import { planTransferChecksum } from '../src/transfer-checksum.ts';
import { noise, oracle, toHex } from './vectors.ts';

const NAMES = ['xxh128', 'xxh3', 'xxh64', 'md5', 'md4', 'sha1'] as const;

/** Bytes without a pattern, at any alignment. */
const messages = (maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(fc.nat(maxLength), fc.nat(15), fc.nat())
    .map(([length, from, seed]) => noise(length + from, seed).subarray(from));

test.each(NAMES)('%s of whole messages, by hash-wasm', async (name) => {
  const other = await oracle(name);
  const ours = createStrongHash(name);
  const property = fc.property(fc.oneof(messages(600), messages(200_000)), (bytes) => {
    ours.reset();
    ours.update(bytes);
    expect(toHex(ours.digest())).toBe(other(bytes));
  });
  fc.assert(property, { numRuns: 60 });
});

test.each(['md5', 'sha1', 'sha256', 'sha512'] as const)('%s, by node:crypto', (name) => {
  const ours = createStrongHash(name);
  const property = fc.property(fc.oneof(messages(300), messages(100_000)), (bytes) => {
    ours.reset();
    ours.update(bytes);
    expect(toHex(ours.digest())).toBe(createHash(name).update(bytes).digest('hex'));
  });
  fc.assert(property, { numRuns: 60 });
});

/** The message whose sum is the sum of a block: docs/spec/data.md §5.3, negotiated checksums. */
function seeded(name: string, seed: number, block: Uint8Array): Uint8Array {
  if (seed === 0 || name.startsWith('xxh')) return block;
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, seed, true);
  return Buffer.concat(name === 'md4' ? [block, bytes] : [bytes, block]);
}

const variants = ['simd', 'scalar'] as const;
const cases = NAMES.flatMap((name) => variants.map((variant) => ({ name, variant })));

test.each(cases)('$name of blocks, $variant', { timeout: 20_000 }, async ({ name, variant }) => {
  const plan = (seed: number): ReturnType<typeof planTransferChecksum> =>
    planTransferChecksum({ name, origin: 'negotiated', protocol: 32, seedFix: true, seed });
  const hasher = new BlockHasher(plan(0), 300_000, variant);
  const { digestLength } = plan(0);
  const property = fc.asyncProperty(
    messages(300_000),
    fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 300, max: 131_072 })),
    fc.constantFrom(0, 1, -1, 20_261_125, -(2 ** 31)),
    async (bytes, anyLength, seed) => {
      // Not more than some dozens of blocks: the other one takes its time.
      const blockLength = Math.max(anyLength, Math.ceil(bytes.length / 40));
      const count = Math.ceil(bytes.length / blockLength);
      const other = await oracle(name, name.startsWith('xxh') ? seed : 0);
      hasher.use(plan(seed));
      hasher.input.set(bytes);
      const strong = new Uint8Array(count * digestLength);
      hasher.hashBlocks(bytes.length, blockLength, new Uint32Array(count), strong, digestLength, 0);
      const expected = Array.from({ length: count }, (_, i) =>
        other(seeded(name, seed, bytes.subarray(i * blockLength, (i + 1) * blockLength))),
      );
      expect(toHex(strong)).toBe(expected.join(''));
    },
  );
  await fc.assert(property, { numRuns: 25 });
});
