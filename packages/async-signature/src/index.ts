/**
 * Block signatures of many files at once, ahead of need, on worker threads.
 *
 * @packageDocumentation
 */
export { POOL_CHANNEL, type PoolMessage } from './diagnostics.ts';
export { createSignaturePool, type SignaturePool, type SignaturePoolOptions } from './pool.ts';
export { SignaturePoolError, type SignaturePoolErrorCode } from './pool-error.ts';
export type { SignOptions, SignRequest } from './request.ts';
export { inlineBytes, signingMs } from './signing-time.ts';
export type { PoolStats, WorkerStats } from './stats.ts';
