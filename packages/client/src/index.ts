/**
 * One call that syncs: opens local, remote-shell or daemon connections and runs the pipeline.
 *
 * @packageDocumentation
 */

export { connectStreams } from '@deltawire/transfer';
export {
  type ListedModule,
  type ListModulesOptions,
  listModules,
  type ModuleListing,
} from './list-modules.ts';
export { type PasswordRequest, type PasswordSource, promptPassword } from './password.ts';
export { pipelineOf } from './pipeline.ts';
export { runSync } from './run.ts';
export type { RunSyncOptions } from './run-options.ts';
export {
  readServerRequest,
  type ServeOptions,
  type ServerRequest,
  serveRequest,
  serveStdio,
  stdioConnection,
} from './serve.ts';
export { type SyncOptions, sync, type Transfer } from './sync.ts';
export type { NamedOptions } from './sync-options.ts';
