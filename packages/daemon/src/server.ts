import { createServer, type Server, type Socket } from 'node:net';
import { errnoText, isRoot, setSocketOptions } from '@deltawire/filesystem';
import { RsyncError } from '@deltawire/protocol';
import {
  type Connection,
  connectStreams,
  type PipelineOptions,
  type TransferEvent,
} from '@deltawire/transfer';
import { plainAddress } from './access.ts';
import { type ConfigSource, loadConfig } from './config.ts';
import type { PipelineNumbers } from './connection-messages.ts';
import { ConnectionPool } from './connection-pool.ts';
import { type LogSink, openLog } from './log.ts';
import { PidFile } from './pid-file.ts';
import { serveConnection } from './serve-connection.ts';
import type { Peer, ServeContext } from './serve-context.ts';
import type { DaemonSettings } from './settings.ts';
import { ConnectionSlots } from './slots.ts';
import { connectionOptions } from './socket-options.ts';

/** Default port of the protocol. */
const DAEMON_PORT = 873;

/** Settings of `createDaemon`. */
export interface DaemonOptions {
  /**
   * `process` serves every connection in a process of its own, which can become the module's
   * user; `inline` serves all of them here.
   *
   * @default 'process' for a configuration file and where root serves a module as somebody else,
   *   else 'inline'
   */
  readonly isolation?: 'inline' | 'process' | undefined;
  /** Values for `%VAR%` in the configuration. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** `--dparam` assignments, `NAME=VALUE`. */
  readonly dparam?: readonly string[] | undefined;
  /** Gets every log line (byte string), besides the log file. */
  readonly onLog?: LogSink | undefined;
  /** Events of the transfers that are served inline. */
  readonly onEvent?: ((event: TransferEvent) => void) | undefined;
  readonly pipeline?: PipelineOptions | undefined;
}

/** Where to listen; each wins over the configuration. */
export interface ListenOptions {
  /** 0 takes any free port. */
  readonly port?: number | undefined;
  readonly address?: string | undefined;
}

/** Where a daemon listens. */
export interface ListenAddress {
  readonly address: string;
  readonly port: number;
}

/** Settings of `Daemon.handle`. */
export interface HandleOptions {
  /** Absolute deadlines of the text phase. @default true */
  readonly deadlines?: boolean | undefined;
  /** The process serves nothing else and may become the module's user. @default false */
  readonly ownProcess?: boolean | undefined;
}

/** A daemon: it serves connections until it is closed. */
export interface Daemon extends AsyncDisposable {
  /**
   * Listen for TCP connections. Throws `RsyncError` with exit code 10 when the port is not to be
   * had and 11 when the pid file is not.
   */
  listen(o?: ListenOptions): Promise<ListenAddress>;
  /** Serve one connection that came some other way, to its end. */
  handle(connection: Connection, peer?: Partial<Peer>, o?: HandleOptions): Promise<void>;
  /** Connections being served. */
  readonly connections: number;
  /** Stop listening, end what is being served, wait for that. */
  close(): Promise<void>;
}

/**
 * Create a daemon from a configuration. Nothing happens until `listen` or `handle`.
 *
 * Throws `RsyncError`: exit code 1 for a file that cannot be used, 4 naming a parameter that is
 * not honoured yet.
 *
 * @example
 * await using daemon = createDaemon({ modules: { pub: { path: '/srv/pub' } } });
 * const { port } = await daemon.listen({ address: '127.0.0.1', port: 0 });
 */
export function createDaemon(source: ConfigSource, o: DaemonOptions = {}): Daemon {
  return new RsyncDaemon(source, o);
}

/** A peer that nobody knows the address of. */
const NO_ADDRESS = '0.0.0.0';

/** Where a remote shell says its client is (docs/spec/session.md §3.8). */
function remoteShellPeer(env: Readonly<Record<string, string | undefined>>): string {
  const names = ['REMOTE_HOST', 'SSH_CONNECTION', 'SSH_CLIENT', 'SSH2_CLIENT'];
  const value = names.map((name) => env[name]).find((text) => text !== undefined && text !== '');
  return value?.split(' ', 1)[0] || NO_ADDRESS;
}

class RsyncDaemon implements Daemon {
  readonly #source: ConfigSource;
  readonly #options: DaemonOptions;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #slots: ConnectionSlots = new ConnectionSlots();
  readonly #abort: AbortController = new AbortController();
  readonly #serving: Set<Promise<void>> = new Set();
  readonly #isolated: boolean;
  #settings: DaemonSettings;
  #pool: ConnectionPool | undefined;
  #server: Server | undefined;
  #pidFile: PidFile | undefined;

  constructor(source: ConfigSource, o: DaemonOptions) {
    this.#source = source;
    this.#options = o;
    this.#env = o.env ?? process.env;
    this.#settings = this.#load();
    const alone = 'configFile' in source || this.#needsSwitch();
    this.#isolated = (o.isolation ?? (alone ? 'process' : 'inline')) === 'process';
    for (const warning of this.#settings.warnings) this.#log(warning);
  }

  #load(): DaemonSettings {
    return loadConfig(this.#source, { env: this.#env, dparam: this.#options.dparam });
  }

  /** Whether a module names another user than the one this process is, and could be switched to. */
  #needsSwitch(): boolean {
    const ours = ['', '0', 'root', 'wheel'];
    const isOurs = (name: string): boolean => ours.includes(name);
    return isRoot() && !this.#settings.modules.every(({ uid, gid }) => isOurs(uid) && isOurs(gid));
  }

  /** A daemon that an administrator configures; an embedding program decides for itself. */
  get #syslog(): boolean {
    return 'configFile' in this.#source;
  }

  #log(text: string): void {
    const log = openLog(this.#settings.global, this.#options.onLog, this.#syslog);
    log.write(text);
    log.close();
  }

  get connections(): number {
    return this.#serving.size;
  }

  async listen(o: ListenOptions = {}): Promise<ListenAddress> {
    if (!this.#isolated && this.#needsSwitch()) {
      throw new RsyncError(`"uid" and "gid" need a process per connection (isolation: 'process')`, {
        code: 'ISOLATION',
        exitCode: 4,
      });
    }
    const { global } = this.#settings;
    const port = o.port ?? global.port ?? DAEMON_PORT;
    const host = o.address ?? global.address;
    if (global.pidFile !== '') this.#pidFile = new PidFile(global.pidFile);
    const server = createServer(
      // A process of its own does the reading: not one byte may be taken from it here.
      {
        allowHalfOpen: true,
        ...connectionOptions(global.socketOptions),
        pauseOnConnect: this.#isolated,
      },
      (socket) => this.#accept(socket),
    );
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      const address = host === '' ? {} : { host };
      server.listen({ port, ...address, backlog: Math.max(1, global.listenBacklog) }, resolve);
    }).catch((cause: unknown) => {
      const where = host === '' ? `port ${port}` : `${host} port ${port}`;
      throw new RsyncError(`bind() failed on ${where}: ${errnoText(cause)}`, {
        code: 'LISTEN',
        exitCode: 10,
        cause,
      });
    });
    server.on('error', (error) => this.#log(`accept failed: ${errnoText(error)}`));
    if (this.#isolated) this.#connectionPool().warm();
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('the server has no port');
    this.#log(`rsyncd version 3.5.0 (deltawire) starting, listening on port ${bound.port}`);
    // What is accepted has the options of the socket that listens.
    for (const problem of setSocketOptions(server, global.socketOptions, 'Receiver')) {
      this.#log(problem);
    }
    return { address: bound.address, port: bound.port };
  }

  #connectionPool(): ConnectionPool {
    this.#pool ??= new ConnectionPool({
      claimSlot: async (lockFile, max) => this.#slots.claim(lockFile, max),
      onLog: (line) => this.#options.onLog?.(line),
    });
    return this.#pool;
  }

  #accept(socket: Socket): void {
    // Errors of a socket reach its connection; before that they only end it.
    socket.on('error', () => {});
    const peer: Peer = {
      address: plainAddress(socket.remoteAddress ?? NO_ADDRESS),
      port: socket.remotePort ?? 0,
    };
    const settings = this.#currentSettings();
    if (this.#isolated) {
      const message = {
        kind: 'serve' as const,
        settings,
        peer,
        forwardLog: this.#options.onLog !== undefined,
        syslog: this.#syslog,
        pipeline: withoutPool(this.#options.pipeline),
      };
      this.#track(this.#connectionPool().serve(message, socket));
      return;
    }
    this.#track(this.handle(connectStreams(socket, socket, { kind: 'socket' }), peer));
  }

  /** The configuration is read again for each connection; a broken one keeps the last in force. */
  #currentSettings(): DaemonSettings {
    if (!('configFile' in this.#source)) return this.#settings;
    try {
      this.#settings = this.#load();
    } catch (error) {
      this.#log(error instanceof Error ? error.message : String(error));
    }
    return this.#settings;
  }

  #track(task: Promise<void>): void {
    // What a connection could not even log (its log file is not to be opened) goes to the caller.
    const tracked = task.catch((error: unknown) => this.#options.onLog?.(String(error)));
    this.#serving.add(tracked);
    void tracked.finally(() => this.#serving.delete(tracked));
  }

  async handle(
    connection: Connection,
    peer: Partial<Peer> = {},
    o: HandleOptions = {},
  ): Promise<void> {
    const context: ServeContext = {
      settings: this.#settings,
      env: this.#env,
      onLog: this.#options.onLog,
      syslog: this.#syslog,
      onEvent: this.#options.onEvent,
      pipeline: this.#options.pipeline,
      signal: this.#abort.signal,
      ownProcess: o.ownProcess ?? false,
      deadlines: o.deadlines ?? true,
      claimSlot: async (lockFile, max) => this.#slots.claim(lockFile, max),
    };
    const address = peer.address ?? (context.deadlines ? NO_ADDRESS : remoteShellPeer(this.#env));
    const { port = 0 } = peer;
    await serveConnection(connection, { address: plainAddress(address), port }, context);
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = server && new Promise<void>((resolve) => server.close(() => resolve()));
    this.#abort.abort();
    await this.#pool?.close();
    await Promise.all(this.#serving);
    // Sockets that went to other processes are counted until a word of theirs that may never come.
    // They are closed, and the port is free, without it.
    if (!this.#isolated) await closed;
    this.#pidFile?.[Symbol.dispose]();
    this.#pidFile = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** A process of its own has threads of its own. */
function withoutPool(pipeline: PipelineOptions | undefined): PipelineNumbers | undefined {
  if (pipeline === undefined) return undefined;
  const { signatures: _, ...numbers } = pipeline;
  return numbers;
}
