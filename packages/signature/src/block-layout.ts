/** How a file is cut into blocks, and how much of each block's strong sum is sent. */
export interface BlockLayout {
  /** Bytes. */
  readonly fileLength: number;
  /** Bytes of every block but the last. */
  readonly blockLength: number;
  /** 0 when the file is empty. */
  readonly blockCount: number;
  /** Bytes of a short last block; 0 when the last block is full. */
  readonly remainderLength: number;
  /** Bytes of each strong sum. */
  readonly strongLength: number;
}

/** What a layout depends on besides the file's length. */
export interface BlockLayoutOptions {
  /** Decides the longest block: 2^17 bytes from 30 on, 2^29 before. */
  readonly protocol: number;
  /** Bytes of the checksum's digest: no strong sum is longer. */
  readonly digestLength: number;
  /** `--block-size` in bytes; 0 or absent: from the file's length. */
  readonly blockSize?: number;
  /** Second attempt after a failed verification: strong sums as long as they can be. */
  readonly full?: boolean;
}

/** The shortest block rsync chooses by itself, bytes. */
const MIN_BLOCK_LENGTH = 700;
/** The longest strong sum on the wire, bytes. */
const MAX_STRONG_LENGTH = 16;
/** Bits of certainty wanted beyond what the number of comparisons uses up. */
const BLOCKSUM_BIAS = 10;

/** The layout rsync uses for a file of `fileLength` bytes (docs/spec/data.md §6.2, §6.3). */
export function planBlocks(fileLength: number, options: BlockLayoutOptions): BlockLayout {
  if (!(Number.isSafeInteger(fileLength) && fileLength >= 0)) {
    throw new RangeError(`fileLength ${fileLength} is not a file length`);
  }
  const blockLength = options.blockSize || chooseBlockLength(fileLength, options.protocol);
  const remainderLength = fileLength % blockLength;
  const longest = Math.min(MAX_STRONG_LENGTH, options.digestLength);
  return {
    fileLength,
    blockLength,
    blockCount: Math.ceil(fileLength / blockLength),
    remainderLength,
    strongLength: options.full
      ? longest
      : Math.min(longest, chooseStrongLength(fileLength, blockLength)),
  };
}

/** Where block `index` lies in its file: bytes. */
export function blockRange(layout: BlockLayout, index: number): { offset: number; length: number } {
  if (!(Number.isInteger(index) && index >= 0 && index < layout.blockCount)) {
    throw new RangeError(`block ${index} of ${layout.blockCount}`);
  }
  const short = index === layout.blockCount - 1 && layout.remainderLength > 0;
  return {
    offset: index * layout.blockLength,
    length: short ? layout.remainderLength : layout.blockLength,
  };
}

/**
 * The square root of the length, rounded down to a multiple of 8, at least 700. The cap applies
 * only to the power of two at which the search starts.
 */
function chooseBlockLength(fileLength: number, protocol: number): number {
  if (fileLength <= MIN_BLOCK_LENGTH * MIN_BLOCK_LENGTH) return MIN_BLOCK_LENGTH;
  const max = protocol < 30 ? 2 ** 29 : 2 ** 17;
  const start = 2 ** Math.floor(log2(fileLength) / 2);
  if (start >= max) return max;
  let blockLength = 0;
  for (let bit = start; bit >= 8; bit /= 2) {
    const candidate = blockLength + bit;
    if (isSquareAtMost(candidate, fileLength)) blockLength = candidate;
  }
  return Math.max(blockLength, MIN_BLOCK_LENGTH);
}

/** Exact beyond 2^53, where a product of numbers would be rounded. */
function isSquareAtMost(root: number, value: number): boolean {
  return root < 2 ** 26 ? root * root <= value : BigInt(root) * BigInt(root) <= BigInt(value);
}

/** Enough bytes that a false match somewhere in the file stays unlikely, given 32 bits of weak sum. */
function chooseStrongLength(fileLength: number, blockLength: number): number {
  let bits = BLOCKSUM_BIAS;
  if (fileLength > 0) bits += 2 * log2(fileLength);
  bits -= Math.min(bits, log2(blockLength));
  return Math.max(2, Math.trunc((bits + 1 - 32 + 7) / 8));
}

/** Floor of the binary logarithm of a positive safe integer. */
function log2(value: number): number {
  return value < 2 ** 32 ? 31 - Math.clz32(value) : 63 - Math.clz32(Math.floor(value / 2 ** 32));
}
