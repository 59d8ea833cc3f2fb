import type { PipelineOptions, TransferEvent } from '@deltawire/transfer';
import type { LogSink } from './log.ts';
import type { DaemonSettings } from './settings.ts';

/** Who connected. */
export interface Peer {
  /** IP address, IPv4-mapped ones already shortened; `0.0.0.0` where nobody knows. */
  readonly address: string;
  readonly port: number;
}

/** Gives back a place among a module's connections. */
export type ReleaseSlot = () => void;

/** What serving one connection needs of the daemon around it. */
export interface ServeContext {
  readonly settings: DaemonSettings;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onLog?: LogSink | undefined;
  /** Lines that no file takes go to the system's log. */
  readonly syslog?: boolean | undefined;
  readonly onEvent?: ((event: TransferEvent) => void) | undefined;
  readonly pipeline?: PipelineOptions | undefined;
  readonly signal?: AbortSignal | undefined;
  /** This process serves nothing else: it may become the module's user. */
  readonly ownProcess: boolean;
  /** Deadlines of the text phase; not over a remote shell, whose users wait for themselves. */
  readonly deadlines: boolean;
  /** Take one of the `max` places that a lock file has; undefined when all are taken. */
  claimSlot(lockFile: string, max: number): Promise<ReleaseSlot | undefined>;
}
