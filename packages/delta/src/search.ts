import type { ReadAt } from '@deltawire/signature';
import type { BlockIndex } from './block-index.ts';
import { type DeltaOp, MAX_LITERAL } from './delta-op.ts';
import { FileWindow } from './file-window.ts';
import { wholeFile } from './literals.ts';
import { matchBlocks } from './matcher.ts';

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

/** Bytes of new file data read at a time. */
const READ_BYTES = 256 * 1024;

/**
 * Describe a file by blocks of a basis and literal bytes.
 *
 * The choice of blocks is exactly rsync's (docs/spec/data.md §7.2). Memory does not depend on the
 * length of the file: about 256 KiB, two blocks, and tables of about 20 bytes per block.
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
  // A whole literal may be pending, and in-place alignment looks one block ahead.
  const capacity = MAX_LITERAL + 2 * index.signature.layout.blockLength + READ_BYTES;
  const window = new FileWindow(new Uint8Array(Math.min(capacity, fileLength)), source);
  yield* matchBlocks({ window, fileLength, index, inPlace });
}
