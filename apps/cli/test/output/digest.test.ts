import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { digestFormat, digestHex, expectedDigest } from '../../src/output/digest.ts';
import { realRsync } from '../real-rsync.ts';

/** Digests of `hello` as they travel; that of xxh64 is from docs/spec/data.md §5.2. */
const DIGESTS = {
  xxh64: Buffer.from('a36d9f887d82c726', 'hex'),
  md5: createHash('md5').update('hello').digest(),
  sha1: createHash('sha1').update('hello').digest(),
} as const;

test.each(['xxh64', 'md5', 'sha1'] as const)('a digest of %s is as rsync writes it', (name) => {
  using directory = temporaryDirectory();
  writeFileSync(join(directory.path, 'f'), 'hello');
  const args = [`--cc=${name}`, '--out-format=%C', 'f', 't'];
  const { stdout } = realRsync(directory.path, args);
  const format = digestFormat(name);
  expect(expectedDigest({ protocol: 32, checksumChoice: { transfer: name } })).toEqual(format);
  expect(`${digestHex(DIGESTS[name], format)}\n`).toBe(stdout);
  expect(format.length).toBe(DIGESTS[name].length);
});

test('without a choice it is what two of today’s peers agree on', () => {
  expect(expectedDigest({ protocol: 32 })).toEqual({ length: 16, reversed: true });
  expect(expectedDigest({ protocol: 29 })).toEqual({ length: 16, reversed: false });
  expect(expectedDigest({ protocol: 32, checksumList: ['sha1', 'md5'] })).toEqual({
    length: 20,
    reversed: false,
  });
});
