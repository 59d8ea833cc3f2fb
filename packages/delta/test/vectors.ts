import { loadVectors } from '@deltawire/testkit';
import type { Token } from './deltas.ts';
import type { Segment } from './segments.ts';

/** A case of `delta.json`: two files, and the tokens that rsync makes of them. */
export interface Vector {
  readonly name: string;
  readonly inplace: boolean;
  readonly old: Segment[];
  readonly new: Segment[];
  /** Block count, block length, bytes of a strong sum, length of the last block. */
  readonly head: number[];
  readonly tokens: Token[];
}

export const vectors: { cases: Vector[] } = loadVectors('delta');
