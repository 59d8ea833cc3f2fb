/** Entry of the checksum module: what the host calls. Built twice, with SIMD and without. */
import { STATE, STATE_BYTES } from './stream';

export { hashBlocks, strongSum, useSeed } from './blocks';
export { streamDigest, streamInit, streamUpdate } from './stream';
export { weakSum } from './weak-sum';

/** Address of the stream state that the host may save and restore. */
export function statePointer(): usize {
  return STATE;
}

export function stateBytes(): u32 {
  return STATE_BYTES;
}

/** First address that the module itself does not use. */
export function freePointer(): usize {
  return __heap_base;
}
