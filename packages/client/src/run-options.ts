import type { PipelineOptions, TransferEvent } from '@deltawire/transfer';
import type { PasswordSource } from './password.ts';

/** Text, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How one run is made, besides what is to be done. */
export interface RunSyncOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: TransferEvent) => void) | undefined;
  /** Text, as in `process.env`. @default process.env */
  readonly env?: Environment | undefined;
  readonly pipeline?: PipelineOptions | undefined;
  /**
   * The process is for this run alone, and `--copy-as` may make it another user for good.
   * @default false
   */
  readonly ownsProcess?: boolean | undefined;
  /**
   * Answers a daemon that wants a password, where no `--password-file` does. A function is asked
   * after RSYNC_PASSWORD. @default a prompt on the terminal
   */
  readonly password?: PasswordSource | undefined;
  /** Gets what the remote shell prints to stderr; without it that is this process's own. */
  readonly onRemoteStderr?: ((chunk: Uint8Array) => void) | undefined;
}
