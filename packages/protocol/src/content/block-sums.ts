import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { LimitError, requireRange } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import type { Dialect } from '../session/dialect.ts';

/**
 * How a basis file is cut into blocks: what precedes its sums, and what the sender echoes. All zero
 * when there is no basis. Fits `BlockLayout` of `@deltawire/signature`.
 */
export interface SumHead {
  readonly blockCount: number;
  /** Bytes. */
  readonly blockLength: number;
  /** Bytes that are sent of each block's strong sum. */
  readonly strongLength: number;
  /** Length of a shorter last block, bytes; 0 when all have the same length. */
  readonly remainderLength: number;
}

/** Sums of more than this many bytes are refused, like a larger allocation by rsync (`--max-alloc`). */
export const BLOCK_SUMS_MAX_BYTES: number = 2 ** 30;

/** Blocks to make room for before any of them has arrived. */
const FIRST_BLOCKS = 4096;

/**
 * int32 count, int32 block length, int32 strong-sum length, int32 remainder.
 *
 * @param digestLength - bytes of a full strong sum
 * @throws LimitError with exit code 2 (docs/spec/data.md §6.1)
 */
export function readSumHead(reader: ByteReader, dialect: Dialect, digestLength: number): SumHead {
  const blockCount = reader.i32();
  const blockLength = reader.i32();
  const strongLength = reader.i32();
  const remainderLength = reader.i32();
  const { PROTOCOL } = ExitCode;
  requireRange('block count', blockCount, 0, 0x7fffffff, PROTOCOL);
  const shortest = blockCount > 0 ? 1 : 0;
  requireRange('block length', blockLength, shortest, dialect.maxBlockLength, PROTOCOL);
  requireRange('strong sum length', strongLength, 0, digestLength, PROTOCOL);
  requireRange('remainder length', remainderLength, 0, blockLength, PROTOCOL);
  return { blockCount, blockLength, strongLength, remainderLength };
}

/** Counterpart of {@link readSumHead}. */
export function writeSumHead(writer: ByteWriter, head: SumHead): void {
  writer.i32(head.blockCount);
  writer.i32(head.blockLength);
  writer.i32(head.strongLength);
  writer.i32(head.remainderLength);
}

/** Block sums while they arrive; once {@link readBlockSums} says so, they are all there. */
export interface BlockSums {
  readonly blockCount: number;
  readonly strongLength: number;
  /** Sums that have arrived. */
  received: number;
  /** Weak sums. */
  weak: Uint32Array;
  /** `strongLength` bytes per block. */
  strong: Uint8Array;
}

/**
 * Room for the sums that a head announces. It grows with what arrives, not with what is announced.
 *
 * @throws LimitError with exit code 22 when they would take more than `maxBytes`
 */
export function createBlockSums(head: SumHead, maxBytes: number = BLOCK_SUMS_MAX_BYTES): BlockSums {
  const { blockCount, strongLength } = head;
  const bytes = blockCount * (4 + strongLength);
  if (bytes > maxBytes) {
    throw new LimitError('size of block sums', bytes, maxBytes, { exitCode: ExitCode.MALLOC });
  }
  const room = Math.min(blockCount, FIRST_BLOCKS);
  return {
    blockCount,
    strongLength,
    received: 0,
    weak: new Uint32Array(room),
    strong: new Uint8Array(room * strongLength),
  };
}

/**
 * Read as many block sums as have arrived, at least one: int32 weak sum, then the strong sum.
 *
 * @returns whether all of them are there now
 */
export function readBlockSums(reader: ByteReader, sums: BlockSums): boolean {
  const { strongLength } = sums;
  const bytesEach = 4 + strongLength;
  const missing = sums.blockCount - sums.received;
  if (missing === 0) return true;
  const count = Math.min(missing, Math.floor(reader.available / bytesEach));
  const run = reader.bytes(Math.max(1, count) * bytesEach);
  makeRoom(sums, sums.received + count);
  const { weak, strong } = sums;
  let block = sums.received;
  for (let at = 0; at < run.length; at += bytesEach, block++) {
    weak[block] = run[at]! | (run[at + 1]! << 8) | (run[at + 2]! << 16) | (run[at + 3]! << 24);
    const to = block * strongLength;
    for (let i = 0; i < strongLength; i++) strong[to + i] = run[at + 4 + i]!;
  }
  sums.received = block;
  return block === sums.blockCount;
}

function makeRoom(sums: BlockSums, count: number): void {
  if (count <= sums.weak.length) return;
  const room = Math.min(sums.blockCount, Math.max(count, sums.weak.length * 2));
  const weak = new Uint32Array(room);
  weak.set(sums.weak);
  sums.weak = weak;
  const strong = new Uint8Array(room * sums.strongLength);
  strong.set(sums.strong);
  sums.strong = strong;
}

/** Counterpart of {@link readBlockSums}: the sums of blocks `from` to `to` (exclusive). */
export function writeBlockSums(
  writer: ByteWriter,
  weak: Uint32Array,
  strong: Uint8Array,
  strongLength: number,
  from: number,
  to: number,
): void {
  for (let block = from; block < to; block++) {
    writer.u32(weak[block]!);
    writer.bytes(strong.subarray(block * strongLength, (block + 1) * strongLength));
  }
}
