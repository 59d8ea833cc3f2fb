import { planTransferChecksum, type TransferChecksum } from '@deltawire/checksums';
import { expect, test } from 'vitest';
import { inlineBytes, signingMs } from '../src/signing-time.ts';

const checksumOf = (name: 'md5' | 'xxh128' | 'sha1'): TransferChecksum =>
  planTransferChecksum({ name, origin: 'negotiated', protocol: 32, seedFix: true, seed: 1 });

test('the faster a checksum, the longer the files that are signed in line', () => {
  const [sha1, md5, xxh128] = (['sha1', 'md5', 'xxh128'] as const).map(checksumOf);
  expect(inlineBytes(sha1!)).toBeLessThan(inlineBytes(md5!));
  expect(inlineBytes(md5!)).toBeLessThan(inlineBytes(xxh128!));
  expect(signingMs(md5!, inlineBytes(md5!))).toBeCloseTo(0.025);
});
