import { afterEach, expect, type MockInstance, test, vi } from 'vitest';
import { randomBytes } from '../../testkit/src/index.ts';

const crypto = process.getBuiltinModule('node:crypto');
const bytes = randomBytes(300_000);

afterEach(() => vi.restoreAllMocks());

/** Fresh modules: what is registered is registered for the whole process. */
async function fresh(): Promise<{
  checksums: typeof import('@deltawire/checksums');
  useNativeHashes: () => void;
  asked: MockInstance<typeof crypto.createHash>;
}> {
  vi.resetModules();
  const checksums = await import('@deltawire/checksums');
  const { useNativeHashes } = await import('../src/native-hash.ts');
  return { checksums, useNativeHashes, asked: vi.spyOn(crypto, 'createHash') };
}

test.each(['md5', 'sha1'] as const)('%s comes from node:crypto and is the same', async (name) => {
  const { checksums, useNativeHashes, asked } = await fresh();
  const ours = checksums.createStrongHash(name);
  expect(asked).not.toHaveBeenCalled();
  useNativeHashes();
  const native = checksums.createStrongHash(name);
  for (const length of [0, 1, 64, 300_000]) {
    for (const hash of [ours, native]) {
      hash.reset();
      hash.update(bytes.subarray(0, length >> 1));
      hash.update(bytes.subarray(length >> 1, length));
    }
    const digest = native.digest();
    expect(digest).toEqual(ours.digest());
    expect(digest.constructor).toBe(Uint8Array);
  }
  native.reset();
  ours.reset();
  expect(native.digest()).toEqual(ours.digest());
  expect(asked).toHaveBeenCalled();
});

test.each(['xxh128', 'xxh3', 'xxh64', 'md4', 'none'] as const)('%s stays ours', async (name) => {
  const { checksums, useNativeHashes, asked } = await fresh();
  useNativeHashes();
  checksums.createStrongHash(name).update(bytes);
  expect(asked).not.toHaveBeenCalled();
});

test('the sum of a file in a session uses it', async () => {
  const { checksums, useNativeHashes, asked } = await fresh();
  useNativeHashes();
  const { createFileHash, planTransferChecksum } = checksums;
  const session = { origin: 'negotiated', protocol: 31, seedFix: true, seed: 5 } as const;
  createFileHash(planTransferChecksum({ name: 'sha1', ...session })).update(bytes);
  expect(asked).toHaveBeenCalled();
});

test('where OpenSSL refuses one, ours is used', async () => {
  const { checksums, useNativeHashes, asked } = await fresh();
  asked.mockImplementation(() => {
    throw new Error('disabled for fips');
  });
  useNativeHashes();
  const hash = checksums.createStrongHash('md5');
  hash.update(bytes);
  asked.mockRestore();
  expect(hash.digest()).toEqual(new Uint8Array(crypto.createHash('md5').update(bytes).digest()));
});

test('what the program has registered itself stays', async () => {
  const { checksums, useNativeHashes } = await fresh();
  useNativeHashes();
  const mine = checksums.createStrongHash('xxh64');
  checksums.setNativeHash(() => mine);
  useNativeHashes();
  expect(checksums.createStrongHash('sha1')).toBe(mine);
});
