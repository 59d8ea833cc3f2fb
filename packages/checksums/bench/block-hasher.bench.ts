import { test } from 'vitest';
import { BlockHasher } from '../src/block-hasher.ts';
import { planTransferChecksum } from '../src/transfer-checksum.ts';

/** Weak and strong sums of 1 MiB that is already in kernel memory. */
for (const name of ['xxh128', 'md5', 'md4', 'sha1'] as const) {
  test(`BlockHasher, ${name}, 1 MiB`, async ({ bench }) => {
    const checksum = planTransferChecksum({
      name,
      origin: 'negotiated',
      protocol: 31,
      seedFix: true,
      seed: 1,
    });
    const simd = new BlockHasher(checksum, 1 << 20, 'simd');
    const scalar = new BlockHasher(checksum, 1 << 20, 'scalar');
    const weak = new Uint32Array(2000);
    const strong = new Uint8Array(4000);
    const run = (hasher: BlockHasher, blockLength: number) => (): void => {
      hasher.hashBlocks(1 << 20, blockLength, weak, strong, 2, 0);
    };
    await bench.compare(
      bench('blocks of 700 B', run(simd, 700)),
      bench('blocks of 8 KiB', run(simd, 8192)),
      bench('blocks of 128 KiB', run(simd, 131072)),
      bench('blocks of 8 KiB, without SIMD', run(scalar, 8192)),
      { time: 200 },
    );
  });
}
