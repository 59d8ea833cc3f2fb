import type { ChecksumName, TransferChecksum } from '@deltawire/checksums';

/**
 * Bytes per millisecond of one thread that reads a file from memory and sums blocks of 700 bytes:
 * `docs/performance.md`, section Kernels, on one core of an AMD Zen 4. Only how they compare with each
 * other, and with what a thread costs, is made use of.
 */
const SIGN_SPEED: Readonly<Record<ChecksumName, number>> = {
  xxh128: 3_000_000,
  xxh3: 3_000_000,
  xxh64: 3_000_000,
  md5: 1_400_000,
  md4: 1_900_000,
  sha1: 1_000_000,
  none: Number.POSITIVE_INFINITY,
};

/**
 * Signing that takes less than this is done in line, milliseconds. To hand a file over costs about 5 µs
 * of both threads together when batches are full, and twice that when they are not (README, "When
 * to hash in line").
 */
const INLINE_MS = 0.025;

/** About how long it takes to sign so many bytes that are in memory, milliseconds. */
export function signingMs(checksum: TransferChecksum, bytes: number): number {
  return bytes / SIGN_SPEED[checksum.name];
}

/** Files shorter than this are better hashed in line: 25,000 (SHA-1) to 75,000 bytes (XXH). */
export function inlineBytes(checksum: TransferChecksum): number {
  return INLINE_MS * SIGN_SPEED[checksum.name];
}
