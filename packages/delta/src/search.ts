import type { ReadAt } from '@deltawire/signature';
import { type BlockIndex, fullBlockCount } from './block-index.ts';
import { type DeltaOp, MAX_LITERAL } from './delta-op.ts';
import { FileWindow } from './file-window.ts';
import { type KernelLayout, planKernel } from './kernel-layout.ts';
import { isKernelChecksum, matchBlocksInKernel } from './kernel-matcher.ts';
import { wholeFile } from './literals.ts';
import { matchBlocks } from './matcher.ts';
import { hasSimd, isKernelReady } from './search-kernel.ts';

/** How to search. */
export interface SearchOptions {
  /**
   * The basis will be overwritten while the delta is applied: use no block whose bytes will be gone.
   *
   * @default false
   */
  readonly inPlace?: boolean;
  /** Gets every byte of the file once, in order; for the sum of the whole file. The view is only valid during the call. */
  readonly onData?: (bytes: Uint8Array) => void;
  /**
   * Told once at which position the file ended before `fileLength`. The rest is searched and sent as
   * zeros; a sender then sends a wrong file sum (docs/spec/data.md §5.5).
   */
  readonly onShort?: (position: number) => void;
}

/** Bytes of new file data read at a time: enough for the second-level cache not to be outgrown. */
const READ_BYTES = 256 * 1024;

/** Long blocks are read several at a time, so that their strong sums can be checked side by side. */
const READ_BLOCKS = 16;
const MAX_READ_BYTES = 2 * 1024 * 1024;

/** Files from this length on are worth compiling the WebAssembly form. */
const MIN_KERNEL_FILE_BYTES = 128 * 1024;

/** What does not fit is searched for in plain TypeScript, which may allocate more: blocks of hundreds of MiB. */
const MAX_KERNEL_BYTES = 2 ** 30;

/**
 * Describe a file by blocks of a basis and literal bytes.
 *
 * The choice of blocks is exactly rsync's (docs/spec/data.md §7.2). Memory does not depend on the
 * length of the file: about 300 KiB to 2.5 MiB by block length, and tables of about 35 bytes per block.
 *
 * @param read - reads the new file; called with rising positions, each byte once
 * @param fileLength - bytes of the new file
 * @param index - the basis; undefined sends the whole file
 */
export function* searchDelta(
  read: ReadAt,
  fileLength: number,
  index: BlockIndex | undefined,
  options: SearchOptions = {},
): Generator<DeltaOp, void, void> {
  const source = { read, fileLength, onData: options.onData, onShort: options.onShort };
  if (index === undefined || index.signature.layout.blockCount === 0) {
    yield* wholeFile(source);
    return;
  }
  const inPlace = options.inPlace === true;
  const { layout } = index.signature;
  // A whole literal may be pending, and in-place alignment looks one block ahead.
  const readBytes = Math.max(
    READ_BYTES,
    Math.min(READ_BLOCKS * layout.blockLength, MAX_READ_BYTES),
  );
  const capacity = MAX_LITERAL + 2 * layout.blockLength + readBytes;
  const windowBytes = Math.min(capacity, fileLength);
  const plan = planKernel(layout, windowBytes);
  if (isKernelJob(fileLength, index, plan)) {
    yield* matchBlocksInKernel(source, index, inPlace, plan, windowBytes);
    return;
  }
  const window = new FileWindow(new Uint8Array(windowBytes), source);
  yield* matchBlocks({ window, fileLength, index, inPlace });
}

function isKernelJob(fileLength: number, index: BlockIndex, plan: KernelLayout): boolean {
  // Compiling takes milliseconds, in which a small file is long done.
  if (fileLength < MIN_KERNEL_FILE_BYTES && !isKernelReady()) return false;
  if (plan.byteLength > MAX_KERNEL_BYTES || !isKernelChecksum(index.checksum)) return false;
  return fullBlockCount(index.signature.layout) > 0 && hasSimd();
}
