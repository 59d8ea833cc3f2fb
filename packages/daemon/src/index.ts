/**
 * The `rsync://` server side: configuration, modules, authentication, embeddable in any process.
 *
 * @packageDocumentation
 */

export type { ConfigSource } from './config.ts';
export type { DaemonConfig, ModuleConfig } from './embedded-config.ts';
export type { LogSink } from './log.ts';
export type { Peer } from './serve-context.ts';
export {
  createDaemon,
  type Daemon,
  type DaemonOptions,
  type HandleOptions,
  type ListenAddress,
  type ListenOptions,
} from './server.ts';
