/**
 * The rsync transfer pipeline: generator, sender and receiver as concurrent tasks over one
 * connection, with the signatures of basis files computed ahead of need.
 *
 * @packageDocumentation
 */
export { runBatch } from './batch/run-batch.ts';
export type { BatchSink } from './batch/write-batch.ts';
export { Charset, openCharset } from './charset/charset.ts';
export { type Connection, connectionPair } from './connection.ts';
export { type CvsIgnore, readCvsIgnore } from './cvs-ignore.ts';
export type { FileProgress, ItemDetails, TransferEvent } from './events.ts';
export { readNamesFile } from './files-from.ts';
export { expandGlob } from './glob.ts';
export type { HandshakeStart } from './handshake.ts';
export { timedOut } from './idle-watch.ts';
export type {
  BatchJob,
  ClientJob,
  DaemonContext,
  FilesFromSource,
  LocalJob,
  NameService,
  RunOptions,
  ServerJob,
  ServerOptions,
  TransferResult,
} from './jobs.ts';
export { copyLocal } from './local.ts';
export {
  DEFAULT_TRANSFER_OPTIONS,
  type DeleteMode,
  type InfoLevels,
  type TransferOptions,
} from './options.ts';
export type { PipelineOptions } from './pipeline/signature-cache.ts';
export { resumeConnection } from './resume.ts';
export { runClient } from './run-client.ts';
export { runServer } from './run-server.ts';
export { connectStreams, type StreamConnection, type StreamKind } from './sockets.ts';
export {
  createStats,
  type KindCounts,
  type SignatureStats,
  type TransferStats,
  totalOf,
} from './stats.ts';
