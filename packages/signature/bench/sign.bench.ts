import { planTransferChecksum } from '@deltawire/checksums';
import { test } from 'vitest';
import { planBlocks } from '../src/block-layout.ts';
import { type ReadAt, signSync } from '../src/sign.ts';

const file = new Uint8Array(8 << 20).map((_, i) => i * 7 + (i >> 9));

const read: ReadAt = (target, position) => {
  const piece = file.subarray(position, position + target.length);
  target.set(piece);
  return piece.length;
};

for (const name of ['md5', 'md4', 'xxh128'] as const) {
  test(`signSync() of 8 MiB, ${name}`, async ({ bench }) => {
    const checksum = planTransferChecksum({
      name,
      origin: 'negotiated',
      protocol: 31,
      seedFix: true,
      seed: 1,
    });
    const sign = (fileLength: number, blockSize: number) => (): void => {
      const options = { protocol: 31, digestLength: checksum.digestLength, blockSize };
      signSync(read, planBlocks(fileLength, options), checksum);
    };
    await bench.compare(
      bench('blocks of 700 B', sign(file.length, 700)),
      bench('blocks of 8 KiB', sign(file.length, 8192)),
      bench('blocks of 128 KiB', sign(file.length, 131072)),
      bench('a file of 4 KiB', sign(4096, 0)),
      { time: 200 },
    );
  });
}
