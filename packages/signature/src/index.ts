export {
  type BlockLayout,
  type BlockLayoutOptions,
  blockRange,
  planBlocks,
} from './block-layout.ts';
export { type ReadAt, SignatureBuilder, sign, signInto, signSync } from './sign.ts';
export { type Signature, SignatureError } from './signature.ts';
