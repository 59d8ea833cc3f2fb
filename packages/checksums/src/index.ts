export {
  CHECKSUM_NAMES,
  type ChecksumName,
  digestLength,
  type HashName,
  parseChecksumName,
} from './algorithms.ts';
export { BlockHasher } from './block-hasher.ts';
export { negotiateChecksum } from './negotiate.ts';
export { RollingSum, WeakSum, weakSum } from './rolling-sum.ts';
export {
  createStrongHash,
  type NativeHashFactory,
  type StrongHash,
  setNativeHash,
} from './strong-hash.ts';
export {
  createBlockHash,
  createFileHash,
  hashBlock,
  planTransferChecksum,
  type TransferChecksum,
  type TransferChecksumOptions,
} from './transfer-checksum.ts';
