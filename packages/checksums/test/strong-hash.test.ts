import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { CHECKSUM_NAMES, digestLength, type HashName } from '../src/algorithms.ts';
import { createKernelHash, createStrongHash, setNativeHash } from '../src/strong-hash.ts';
import { message, noise, oracle, strongVectors, toHex } from './vectors.ts';

afterEach(() => setNativeHash(undefined));

function digestOf(name: HashName, ...pieces: Uint8Array[]): string {
  const hash = createStrongHash(name);
  for (const piece of pieces) hash.update(piece);
  return toHex(hash.digest());
}

const named = CHECKSUM_NAMES.filter((name) => name !== 'none');

test.each(strongVectors.unseeded)('whole-file digests of message $msg', (expected) => {
  for (const name of named)
    expect(digestOf(name, message(expected.msg!)), name).toBe(expected[name]);
});

test.each(named)('%s equals another implementation at all short lengths', async (name) => {
  const other = await oracle(name);
  for (let length = 0; length < 1100; length += length < 300 ? 1 : 13) {
    const bytes = noise(length);
    expect(digestOf(name, bytes), `${length} bytes`).toBe(other(bytes));
  }
});

test.each(['xxh128', 'xxh3', 'xxh64'] as const)('%s with a seed parameter', async (name) => {
  for (const seed of [1, -1, 0x12345678, -0x80000000]) {
    const other = await oracle(name, seed);
    for (const length of [0, 1, 3, 4, 8, 9, 16, 17, 128, 129, 240, 241, 1024, 1025, 5000]) {
      const hash = createKernelHash(name, seed);
      hash.update(noise(length));
      expect(toHex(hash.digest()), `${length} bytes, seed ${seed}`).toBe(other(noise(length)));
    }
  }
});

test.each(named)('%s does not depend on how the message is cut', async (name) => {
  const other = await oracle(name);
  const cuts = fc.array(fc.oneof(fc.nat(70), fc.nat(700), fc.nat(70_000)), { maxLength: 6 });
  fc.assert(
    fc.property(cuts, (lengths) => {
      const pieces = lengths.map((length, i) => noise(length, i));
      expect(digestOf(name, ...pieces)).toBe(other(Buffer.concat(pieces)));
    }),
    { numRuns: 40 },
  );
});

test.each(['sha1', 'sha256', 'sha512', 'md5'] as const)('%s equals node:crypto', (name) => {
  for (let length = 0; length < 300; length++) {
    const expected = createHash(name).update(noise(length)).digest('hex');
    expect(digestOf(name, noise(length)), `${length} bytes`).toBe(expected);
    expect(digestOf(name, noise(length).subarray(0, 7), noise(length).subarray(7))).toBe(expected);
  }
});

test('many hashes may be under way at once', () => {
  const names: HashName[] = [...named, 'sha256', 'sha512', 'xxh128', 'xxh64'];
  const hashes = names.map(createStrongHash);
  for (let i = 0; i < 20; i++) {
    for (const hash of hashes) hash.update(noise(37 * i, i));
  }
  const whole = Buffer.concat(Array.from({ length: 20 }, (_, i) => noise(37 * i, i)));
  hashes.forEach((hash, i) => {
    expect(toHex(hash.digest())).toBe(digestOf(names[i]!, whole));
  });
});

test('reset() begins a new message, also in the middle of one', () => {
  const hash = createStrongHash('md5');
  hash.update(noise(100));
  hash.reset();
  createStrongHash('xxh3').update(noise(10));
  hash.update(noise(5));
  expect(toHex(hash.digest())).toBe(digestOf('md5', noise(5)));
  hash.reset();
  expect(toHex(hash.digest())).toBe(digestOf('md5'));
});

test('a digest is a copy that later hashes do not change', () => {
  const hash = createStrongHash('md5');
  const digest = hash.digest();
  digestOf('md5', noise(9));
  expect(toHex(digest)).toBe('d41d8cd98f00b204e9800998ecf8427e');
});

test('none digests to one zero byte', () => {
  expect(digestOf('none', noise(100))).toBe('00');
  expect(digestLength('none')).toBe(1);
});

test('setNativeHash() takes over the names it answers', () => {
  setNativeHash((name) => {
    if (name !== 'sha1') return undefined;
    let hash = createHash('sha1');
    return {
      update: (bytes) => void hash.update(bytes),
      digest: () => hash.digest(),
      reset: () => {
        hash = createHash('sha1');
      },
    };
  });
  const native = createStrongHash('sha1');
  expect(native.digest()).toBeInstanceOf(Buffer);
  expect(createStrongHash('md5').digest()).not.toBeInstanceOf(Buffer);
});
