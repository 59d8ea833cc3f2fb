import type { DaemonFilter, FilterRule } from '@deltawire/filters';
import type { BatchSink } from './batch/write-batch.ts';
import type { Charset } from './charset/charset.ts';
import type { TransferEvent } from './events.ts';
import type { HandshakeStart } from './handshake.ts';
import type { TransferOptions } from './options.ts';
import type { PipelineOptions } from './pipeline/signature-cache.ts';
import type { TransferStats } from './stats.ts';

/** Where the names of `--files-from` are: here, or in a file that the peer reads. */
export type FilesFromSource =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'peer' };

/** One transfer as the client sees it. Paths are byte strings. */
export interface ClientJob {
  /** Which end the client is: the sender pushes, the receiver pulls. */
  readonly role: 'sender' | 'receiver';
  readonly options: TransferOptions;
  readonly filters: readonly FilterRule[];
  /** Local source paths, when pushing. */
  readonly sources: readonly string[];
  /** Local destination, when pulling; empty to list only. */
  readonly destination: string;
  /** The remote paths asked for, when pulling: names that they do not explain are refused. */
  readonly requested?: readonly string[];
  readonly filesFrom?: FilesFromSource;
  readonly handshake: HandshakeStart;
  /** Gets a batch (`--write-batch`). */
  readonly batch?: BatchSink;
  /** Of the names here; given when both sides convert them (`--iconv`). */
  readonly charset?: Charset | undefined;
}

/** Options that only a server gets. */
export interface ServerOptions extends TransferOptions {
  readonly sender: boolean;
  /** The client's capability string, what follows `-e`. */
  readonly clientInfo?: string | undefined;
  /** What the client wants reported (`--log-format`): `%i` changes, `%I` unchanged items too. */
  readonly logFormat?: string | undefined;
  /** A path here, or `-` for names that the client sends. */
  readonly filesFrom?: string | undefined;
}

/** Translates names and numbers of users and groups; undefined for one that it does not know. */
export interface NameService {
  userName(uid: number): string | undefined;
  groupName(gid: number): string | undefined;
  userId(name: string): number | undefined;
  groupId(name: string): number | undefined;
}

/** What a daemon adds to a server. */
export interface DaemonContext {
  /** Absolute path of the module. */
  readonly moduleRoot: string;
  readonly moduleName: string;
  readonly filter: DaemonFilter;
  readonly readOnly: boolean;
  /** No names of users and groups are sent or looked up. */
  readonly numericIds?: boolean | undefined;
  /** Who knows names and numbers of users and groups. @default the system */
  readonly names?: NameService | undefined;
  /** `incoming chmod` and `outgoing chmod`; both have been checked. */
  readonly incomingChmod?: string | undefined;
  readonly outgoingChmod?: string | undefined;
  /** What this process cannot read is left out of file lists without a word. */
  readonly ignoreNonreadable?: boolean | undefined;
  /** Links may lead out of the module. */
  readonly insecureLinks?: boolean | undefined;
}

/** One transfer as the server sees it. */
export interface ServerJob {
  readonly options: ServerOptions;
  /** Source paths, or the destination; relative to the module with a daemon. */
  readonly paths: readonly string[];
  readonly handshake: HandshakeStart;
  readonly daemon?: DaemonContext;
  /** Of the names here; given when both sides convert them (`--iconv`). */
  readonly charset?: Charset | undefined;
  /** Finish the handshake, tell the client why nothing will happen, and end. */
  readonly reject?: { readonly text: string; readonly exitCode: number };
}

/** A copy within this machine. */
export interface LocalJob {
  readonly options: TransferOptions;
  readonly filters: readonly FilterRule[];
  readonly sources: readonly string[];
  /** Empty to list only. */
  readonly destination: string;
  /** What only the receiving side does, or does not. @default as the source's */
  readonly there?: Partial<Pick<TransferOptions, 'fakeSuper' | 'superUser' | 'dropD'>> | undefined;
  readonly filesFrom?: FilesFromSource;
  /** Gets a batch (`--write-batch`). */
  readonly batch?: BatchSink;
  /** Of the names at either end, with `--iconv`. */
  readonly charsets?: { readonly source: Charset; readonly destination: Charset } | undefined;
}

/** A batch to apply (`--read-batch`). */
export interface BatchJob {
  readonly options: TransferOptions;
  readonly filters: readonly FilterRule[];
  readonly destination: string;
  /** Of the names here, with `--iconv`: a batch that was made with it needs it, and no other may have it. */
  readonly charset?: Charset | undefined;
}

/** How a transfer is run, besides what it does. */
export interface RunOptions {
  /** Aborting ends the transfer, removes its temporary files and rejects with exit code 20. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TransferEvent) => void;
  readonly pipeline?: PipelineOptions;
}

/** How a transfer that ran to its end went: 0, or 23 to 25 when something was left out. */
export interface TransferResult {
  readonly exitCode: number;
  readonly stats: TransferStats;
}
