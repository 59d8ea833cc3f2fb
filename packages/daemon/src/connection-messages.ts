import type { PipelineOptions } from '@deltawire/transfer';
import type { Peer } from './serve-context.ts';
import type { DaemonSettings } from './settings.ts';

/** What of the pipeline's options can be sent: a pool of threads cannot. */
export type PipelineNumbers = Omit<PipelineOptions, 'signatures'>;

/** What the daemon tells a connection's process. */
export type ToConnection =
  | {
      /** Comes with the socket. */
      readonly kind: 'serve';
      readonly settings: DaemonSettings;
      readonly peer: Peer;
      /** Whether log lines are wanted besides the log file. */
      readonly forwardLog: boolean;
      /** Whether the system's log gets what no file takes. */
      readonly syslog: boolean;
      readonly pipeline: PipelineNumbers | undefined;
    }
  | { readonly kind: 'claimed'; readonly granted: boolean };

/** What a connection's process tells the daemon. */
export type FromConnection =
  | { readonly kind: 'ready' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'claim'; readonly lockFile: string; readonly max: number };
