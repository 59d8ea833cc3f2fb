import type { BlockLayout } from './block-layout.ts';

/** The sums of a file's blocks, in order; plain arrays that can be transferred to another thread. */
export interface Signature {
  readonly layout: BlockLayout;
  /** One weak sum per block (docs/spec/data.md §5.4). */
  readonly weak: Uint32Array;
  /** `layout.strongLength` bytes per block, packed. */
  readonly strong: Uint8Array;
}

/** Why a signature could not be made. */
export class SignatureError extends Error {
  override readonly name: string = 'SignatureError';
  /** The file ended before `layout.fileLength`, or a digest has fewer bytes than the layout asks for. */
  readonly code: 'FILE_SHRANK' | 'DIGEST_TOO_SHORT';

  constructor(code: 'FILE_SHRANK' | 'DIGEST_TOO_SHORT', message: string) {
    super(message);
    this.code = code;
  }
}
