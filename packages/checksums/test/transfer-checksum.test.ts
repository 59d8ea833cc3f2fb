import { expect, test } from 'vitest';
import type { ChecksumName } from '../src/algorithms.ts';
import {
  createBlockHash,
  createFileHash,
  hashBlock,
  planTransferChecksum,
  type TransferChecksumOptions,
} from '../src/transfer-checksum.ts';
import { message, noise, strongVectors, toHex } from './vectors.ts';

const modern: TransferChecksumOptions = {
  name: 'md5',
  origin: 'negotiated',
  protocol: 31,
  seedFix: true,
  seed: 1,
};

/** How each column of strong.json comes about. */
const columns: Record<string, Partial<TransferChecksumOptions>> = {
  xxh128: { name: 'xxh128' },
  xxh3: { name: 'xxh3' },
  xxh64: { name: 'xxh64' },
  md5: { name: 'md5' },
  md5_oldseed: { name: 'md5', origin: 'implied', seedFix: false },
  sha1: { name: 'sha1' },
  md4: { name: 'md4', origin: 'explicit', protocol: 29, seedFix: false },
  md4_old: { name: 'md4', origin: 'implied', protocol: 29, seedFix: false },
};

test.each(strongVectors.seeded)('block sums of $msg with seed $seed', ({ msg, seed, block }) => {
  for (const [column, options] of Object.entries(columns)) {
    const checksum = planTransferChecksum({ ...modern, ...options, seed });
    expect(toHex(hashBlock(checksum, message(msg))), column).toBe(block[column]);
    const hash = createBlockHash(checksum);
    for (let round = 0; round < 2; round++) {
      hash.update(message(msg));
      expect(toHex(hash.digest()), column).toBe(block[column]);
      hash.reset();
    }
  }
});

test.each(strongVectors.seeded)('file sums of $msg with seed $seed', (vector) => {
  const bytes = message(vector.msg);
  const digest = (options: Partial<TransferChecksumOptions>): string => {
    const hash = createFileHash(planTransferChecksum({ ...modern, ...options, seed: vector.seed }));
    hash.update(noise(100));
    hash.reset();
    hash.update(bytes);
    return toHex(hash.digest());
  };
  const unseeded = strongVectors.unseeded.find(({ msg }) => msg === vector.msg)!;
  for (const [column, options] of Object.entries(columns)) {
    const expected = column === 'md4_old' ? vector.transfer_md4_old : unseeded[options.name!];
    expect(digest(options), column).toBe(expected);
  }
});

test('only an implied MD5 obeys the seed-order flag', () => {
  const place = (options: Partial<TransferChecksumOptions>): string =>
    planTransferChecksum({ ...modern, ...options }).blockSeed;
  expect(place({ origin: 'implied', seedFix: false })).toBe('after');
  expect(place({ origin: 'implied', seedFix: true })).toBe('before');
  expect(place({ origin: 'explicit', seedFix: false, protocol: 29 })).toBe('before');
});

test('only the MD4 implied by protocols below 30 seeds whole files', () => {
  const prefix = (options: Partial<TransferChecksumOptions>): boolean =>
    planTransferChecksum({ ...modern, name: 'md4', ...options }).fileSeedPrefix;
  expect(prefix({ origin: 'implied', protocol: 29 })).toBe(true);
  expect(prefix({ origin: 'explicit', protocol: 29 })).toBe(false);
  expect(prefix({ origin: 'negotiated', protocol: 31 })).toBe(false);
});

test('a plan is a plain value', () => {
  const checksum = planTransferChecksum({ ...modern, name: 'xxh3', seed: 0xffffffff });
  expect(structuredClone(checksum)).toEqual({
    name: 'xxh3',
    digestLength: 8,
    seed: -1,
    blockSeed: 'parameter',
    fileSeedPrefix: false,
  });
});

test('hashBlock() takes blocks of any length', () => {
  for (const name of ['xxh128', 'xxh3', 'xxh64', 'md5', 'md4', 'sha1', 'none'] as ChecksumName[]) {
    const checksum = planTransferChecksum({ ...modern, name });
    for (const length of [65536, 65537, 150_000]) {
      const hash = createBlockHash(checksum);
      hash.update(noise(length));
      expect(toHex(hashBlock(checksum, noise(length)))).toBe(toHex(hash.digest()));
    }
  }
});
