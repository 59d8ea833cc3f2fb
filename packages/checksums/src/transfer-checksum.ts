import { type ChecksumName, digestLength } from './algorithms.ts';
import { ALGORITHM, STAGE_BYTES, workbench } from './kernel.ts';
import { createKernelHash, createStrongHash, type StrongHash } from './strong-hash.ts';

/**
 * How one session sums blocks and files (docs/spec/data.md §5.3). A plain immutable value: it may be
 * sent to workers.
 */
export interface TransferChecksum {
  readonly name: ChecksumName;
  /** Bytes of a digest. */
  readonly digestLength: number;
  /** The session's seed, a signed 32-bit number; 0 means that blocks are not seeded. */
  readonly seed: number;
  /** Where the seed enters a block sum: four bytes before or after the data, or the hash's parameter. */
  readonly blockSeed: 'before' | 'after' | 'parameter' | 'none';
  /** Whole-file sums begin with the four seed bytes, even if zero: MD4 of protocols 27 to 29. */
  readonly fileSeedPrefix: boolean;
}

/** What decides how a session uses its checksum. */
export interface TransferChecksumOptions {
  readonly name: ChecksumName;
  /** Implied by the protocol version, negotiated by names, or given by `--checksum-choice`. */
  readonly origin: 'implied' | 'negotiated' | 'explicit';
  readonly protocol: number;
  /** Compatibility flag CHKSUM_SEED_FIX. Only an implied MD5 depends on it. */
  readonly seedFix: boolean;
  /** Signed 32-bit number. */
  readonly seed: number;
}

/** Apply the table of docs/spec/data.md §5.3. */
export function planTransferChecksum(options: TransferChecksumOptions): TransferChecksum {
  const { name, origin, protocol, seedFix, seed } = options;
  const implied = origin === 'implied';
  return {
    name,
    digestLength: digestLength(name),
    seed: seed | 0,
    blockSeed: blockSeed(name, implied && !seedFix),
    fileSeedPrefix: name === 'md4' && implied && protocol < 30,
  };
}

function blockSeed(name: ChecksumName, oldOrder: boolean): TransferChecksum['blockSeed'] {
  switch (name) {
    case 'xxh128':
    case 'xxh3':
    case 'xxh64':
      return 'parameter';
    case 'md5':
      return oldOrder ? 'after' : 'before';
    case 'md4':
      return 'after';
    case 'sha1':
      return 'before';
    case 'none':
      return 'none';
  }
}

/** The hash of a whole file, as sent after its delta. */
export function createFileHash(checksum: TransferChecksum): StrongHash {
  const hash = createStrongHash(checksum.name);
  return checksum.fileSeedPrefix ? new SeededHash(hash, checksum.seed, 'before') : hash;
}

/** The hash of one block, fed in pieces: for blocks too long to hold in memory. */
export function createBlockHash(checksum: TransferChecksum): StrongHash {
  const { name, seed, blockSeed } = checksum;
  if (blockSeed === 'parameter') return createKernelHash(name, seed);
  const hash = createKernelHash(name, 0);
  if (seed === 0 || blockSeed === 'none') return hash;
  return new SeededHash(hash, seed, blockSeed);
}

/** The strong sum of one block, full length. For many blocks use `BlockHasher`. */
export function hashBlock(checksum: TransferChecksum, block: Uint8Array): Uint8Array {
  const { name, seed } = checksum;
  if (name === 'none' || block.length > STAGE_BYTES) {
    const hash = createBlockHash(checksum);
    hash.update(block);
    return hash.digest();
  }
  const { kernel, stage, stageAddress, digest, digestAddress } = workbench();
  const algorithm = ALGORITHM[name];
  stage.set(block);
  kernel.useSeed(algorithm, seed);
  kernel.strongSum(algorithm, stageAddress, block.length, seedMode(checksum), seed, digestAddress);
  return digest.slice(0, checksum.digestLength);
}

/** `checksum.blockSeed` as the kernel counts it (`assembly/algorithms.ts`). */
export function seedMode(checksum: TransferChecksum): number {
  if (checksum.seed === 0) return 0;
  switch (checksum.blockSeed) {
    case 'none':
      return 0;
    case 'before':
      return 1;
    case 'after':
      return 2;
    case 'parameter':
      return 3;
  }
}

/** Adds the four seed bytes, little-endian, to a hash's message. */
class SeededHash implements StrongHash {
  readonly #hash: StrongHash;
  readonly #seed: Uint8Array = new Uint8Array(4);
  readonly #place: 'before' | 'after';

  constructor(hash: StrongHash, seed: number, place: 'before' | 'after') {
    this.#hash = hash;
    this.#place = place;
    new DataView(this.#seed.buffer).setInt32(0, seed, true);
    if (place === 'before') hash.update(this.#seed);
  }

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  digest(): Uint8Array {
    if (this.#place === 'after') this.#hash.update(this.#seed);
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash.reset();
    if (this.#place === 'before') this.#hash.update(this.#seed);
  }
}
