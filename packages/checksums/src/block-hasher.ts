import { ALGORITHM, createKernel, type Kernel } from './kernel.ts';
import { seedMode, type TransferChecksum } from './transfer-checksum.ts';

/** Blocks per call into the kernel: bounds the memory for results. */
const BATCH_BLOCKS = 4096;
/** The longest digest of a transfer checksum, and what a kernel may write beyond the last one. */
const MAX_DIGEST_BYTES = 20;
const DEFAULT_INPUT_BYTES = 1 << 20;

/**
 * Weak and strong sums of many blocks per call. The bytes are read straight into the kernel's
 * memory: fill `input`, then call `hashBlocks`. One hasher holds about `maxInputBytes` + 160 KB.
 */
export class BlockHasher {
  readonly #kernel: Kernel;
  readonly #inputAddress: number;
  readonly #weakAddress: number;
  readonly #strongAddress: number;
  #input: Uint8Array;
  #weak: Uint32Array;
  #strong: Uint8Array;
  #algorithm = 0;
  #seedMode = 0;
  #seed = 0;
  #digestLength = 0;

  /**
   * @param maxInputBytes size of `input`, @default 1 MiB
   * @param variant which kernel; for tests, @default the fastest that this runtime has
   */
  constructor(
    checksum: TransferChecksum,
    maxInputBytes: number = DEFAULT_INPUT_BYTES,
    variant?: 'simd' | 'scalar',
  ) {
    const weakBytes = BATCH_BLOCKS * 4;
    const strongBytes = (BATCH_BLOCKS + 1) * MAX_DIGEST_BYTES;
    const { kernel, work } = createKernel(weakBytes + strongBytes + 64 + maxInputBytes, variant);
    const { buffer } = kernel.memory;
    this.#kernel = kernel;
    this.#weakAddress = work;
    this.#strongAddress = work + weakBytes;
    this.#inputAddress = (this.#strongAddress + strongBytes + 63) & ~63;
    this.#weak = new Uint32Array(buffer, this.#weakAddress, BATCH_BLOCKS);
    this.#strong = new Uint8Array(buffer, this.#strongAddress, strongBytes);
    this.#input = new Uint8Array(buffer, this.#inputAddress, maxInputBytes);
    this.use(checksum);
  }

  /** Where the bytes to hash belong: a view of kernel memory. */
  get input(): Uint8Array {
    return this.#input;
  }

  /** Change to another checksum or seed; memory and compiled code stay. `none` has no block sums. */
  use(checksum: TransferChecksum): void {
    if (checksum.name === 'none') throw new RangeError('checksum "none" has no block sums');
    this.#algorithm = ALGORITHM[checksum.name];
    this.#seedMode = seedMode(checksum);
    this.#seed = checksum.seed;
    this.#digestLength = checksum.digestLength;
  }

  /**
   * Sum the first `byteLength` bytes of `input` as blocks of `blockLength`, the last of which may be
   * short. Block i's weak sum goes to `weak[firstBlock + i]`, the first `strongLength` bytes of its
   * digest to `strong` from `(firstBlock + i) * strongLength` on.
   *
   * @returns the number of blocks
   */
  hashBlocks(
    byteLength: number,
    blockLength: number,
    weak: Uint32Array,
    strong: Uint8Array,
    strongLength: number,
    firstBlock: number,
  ): number {
    this.#check(byteLength, blockLength, strongLength);
    const batchBytes = blockLength * BATCH_BLOCKS;
    let block = firstBlock;
    for (let from = 0; from < byteLength; from += batchBytes) {
      const count = this.#kernel.hashBlocks(
        this.#algorithm,
        this.#inputAddress + from,
        Math.min(batchBytes, byteLength - from),
        blockLength,
        this.#seedMode,
        this.#seed,
        this.#weakAddress,
        this.#strongAddress,
        strongLength,
      );
      weak.set(this.#weak.subarray(0, count), block);
      strong.set(this.#strong.subarray(0, count * strongLength), block * strongLength);
      block += count;
    }
    return block - firstBlock;
  }

  #check(byteLength: number, blockLength: number, strongLength: number): void {
    if (!(byteLength >= 0 && byteLength <= this.#input.length)) {
      throw new RangeError(`byteLength ${byteLength} exceeds ${this.#input.length} bytes of input`);
    }
    if (!(Number.isInteger(blockLength) && blockLength > 0)) {
      throw new RangeError(`blockLength ${blockLength} is not a positive integer`);
    }
    if (!(strongLength >= 0 && strongLength <= this.#digestLength)) {
      throw new RangeError(
        `strongLength ${strongLength} exceeds the digest, ${this.#digestLength}`,
      );
    }
  }
}
