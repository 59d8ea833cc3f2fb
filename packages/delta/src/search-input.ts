import type { BlockIndex } from './block-index.ts';
import type { FileWindow } from './file-window.ts';

/** What one search works on. */
export interface Search {
  readonly window: FileWindow;
  /** Bytes of the new file. */
  readonly fileLength: number;
  readonly index: BlockIndex;
  /** The basis is overwritten while the delta is applied (docs/spec/data.md §7.2, "In-place"). */
  readonly inPlace: boolean;
}
