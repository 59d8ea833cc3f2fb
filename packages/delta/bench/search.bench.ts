import { createFileHash, planTransferChecksum } from '@deltawire/checksums';
import { planBlocks, type ReadAt, signSync } from '@deltawire/signature';
import { test } from 'vitest';
import { BlockIndex, searchDelta } from '../src/index.ts';
import { random } from '../test/segments.ts';

const LENGTH = 32 << 20;
const basis = random(1, LENGTH);
const strange = random(2, LENGTH);
const edited = basis.slice();
for (let at = 1000; at < LENGTH; at += 1 << 20) edited[at]! ^= 1;

const readerOf =
  (bytes: Uint8Array): ReadAt =>
  (target, position) => {
    const part = bytes.subarray(position, position + target.length);
    target.set(part);
    return part.length;
  };

/** Divide 32 MiB by the time of one call. */
for (const name of ['xxh128', 'md5'] as const) {
  test(`search 32 MiB, whole-file sum included: ${name}`, async ({ bench }) => {
    const checksum = planTransferChecksum({
      name,
      origin: 'negotiated',
      protocol: 32,
      seedFix: true,
      seed: 1,
    });
    const layout = planBlocks(LENGTH, { protocol: 32, digestLength: checksum.digestLength });
    const signature = signSync(readerOf(basis), layout, checksum);
    const search = (bytes: Uint8Array) => (): void => {
      const hash = createFileHash(checksum);
      const index = new BlockIndex(signature, checksum);
      const onData = (part: Uint8Array): void => hash.update(part);
      for (const _ of searchDelta(readerOf(bytes), LENGTH, index, { onData }));
      hash.digest();
    };
    await bench.compare(
      bench('mostly matching', search(edited)),
      bench('nothing matching', search(strange)),
      { time: 500 },
    );
  });
}
