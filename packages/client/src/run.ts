import { createReadStream } from 'node:fs';
import type { Socket } from 'node:net';
import { closeFile, setSocketOptions, TrustedPaths } from '@deltawire/filesystem';
import { ruleTexts } from '@deltawire/filters';
import {
  effectiveLogFormat,
  itemizeLevel,
  parseFilesFrom,
  parseHostSpec,
  type RsyncOptions,
  serverArguments,
  splitCharsets,
} from '@deltawire/options';
import {
  bytesToText,
  ExitCode,
  encodeSecludedArguments,
  RsyncError,
  textToBytes,
} from '@deltawire/protocol';
import {
  type Charset,
  type ClientJob,
  type Connection,
  connectStreams,
  copyLocal,
  createStats,
  type LocalJob,
  openCharset,
  type PipelineOptions,
  type RunOptions,
  runBatch,
  runClient,
  type TransferEvent,
  type TransferResult,
} from '@deltawire/transfer';
import { type BatchFile, createBatchFiles, openBatchFile } from './batch-files.ts';
import { connectCommand, startConnectProgram } from './connect-program.ts';
import { copyAs } from './copy-as.ts';
import { type DaemonSession, openDaemonSession } from './daemon-session.ts';
import { readEarlyInput } from './early-input.ts';
import { checkFilesFrom, DAEMON_PORT, type Endpoints, resolveEndpoints } from './endpoints.ts';
import { parseProxy, tunnel } from './http-proxy.ts';
import { type CheckFile, readFilesFrom, readFilterRules } from './lists.ts';
import { findPassword, type PasswordSource, promptPassword } from './password.ts';
import { pipelineOf } from './pipeline.ts';
import {
  explainShellStatus,
  mergeExitCode,
  type RemoteShell,
  type RemoteShellTarget,
  remoteShellCommand,
  startRemoteShell,
} from './remote-shell.ts';
import { connectTcp } from './tcp.ts';

/** How one run is made, besides what is to be done. */
export interface RunSyncOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: TransferEvent) => void) | undefined;
  /** Text, as in `process.env`. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
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

type Remote = Exclude<Endpoints, { kind: 'local' }>;

/** Milliseconds that a remote shell gets to report its status after the connection broke. */
const STATUS_WAIT = 1000;
/** Bytes of a batch that are read at once. */
const BATCH_PIECE = 256 * 1024;
/** Milliseconds to connect to a daemon that is near: see `HandshakeStart`. */
const NEARBY_MS = 20;

/**
 * Do what a parsed command line asks for: find the two ends, connect them, transfer. This is the
 * whole of the client; `sync` and the command line are ways to call it.
 *
 * Resolves with the exit code of a transfer that ran to its end (0, 23, 24, 25, or the server's).
 * Throws `RsyncError` for one that did not, with exit code 20 after an abort.
 */
export async function runSync(
  options: RsyncOptions,
  run: RunSyncOptions = {},
): Promise<TransferResult> {
  if (run.signal?.aborted) throw cancelled(run.signal);
  const endpoints = endpointsOf(options);
  if (options.filesFrom !== undefined) checkFilesFrom(options.filesFrom, endpoints);
  if (options.passwordFile !== undefined && endpoints.kind !== 'daemon') {
    const message = 'The --password-file option may only be used when accessing an rsync daemon.';
    throw new RsyncError(message, { code: 'USAGE', exitCode: ExitCode.SYNTAX });
  }
  if (options.contimeout > 0 && (endpoints.kind !== 'daemon' || options.rsh !== undefined)) {
    const message = 'The --contimeout option may only be used when connecting to an rsync daemon.';
    throw new RsyncError(message, { code: 'USAGE', exitCode: ExitCode.SYNTAX });
  }
  try {
    return await new Run(options, run).start(endpoints);
  } catch (error) {
    throw run.signal?.aborted ? cancelled(run.signal) : error;
  }
}

/** A batch takes the sources' place: only the destination counts. */
function endpointsOf({ args, oldArgs, readBatch }: RsyncOptions): Endpoints {
  if (readBatch === undefined) return resolveEndpoints(args, oldArgs > 0);
  // Whether it is one is checked when the batch is open, as rsync does.
  return { kind: 'local', sources: [], destination: args.at(-1) };
}

const cancelled = (signal: AbortSignal): RsyncError =>
  new RsyncError('the transfer was cancelled', {
    code: 'ABORTED',
    exitCode: ExitCode.SIGNAL,
    cause: signal.reason,
  });

/** One run: what every way of connecting needs. */
class Run {
  readonly #options: RsyncOptions;
  readonly #run: RunSyncOptions;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #lists: Pick<ClientJob, 'filters' | 'filesFrom'>;
  readonly #check: CheckFile;
  #nearby = false;
  #batch: BatchFile | undefined;
  /** Of the names here, with `--iconv`. */
  #charset: Charset | undefined;

  /** Reads the files of rules and names: what is wrong with them comes before any connection. */
  constructor(options: RsyncOptions, run: RunSyncOptions) {
    this.#options = options;
    this.#run = run;
    this.#env = run.env ?? process.env;
    this.#check = this.#trustedFiles();
    this.#lists = {
      filters: readFilterRules(options, this.#env, this.#check),
      ...namesOf(options, this.#check),
    };
  }

  /** Files that the command line names; no `--confine-root` is about those of the one who typed it. */
  #trustedFiles(): CheckFile {
    const paths = new TrustedPaths({
      insecure: this.#options.insecureLinks,
      onUntrusted: (line) => this.#complain(line),
    });
    return (path) => paths.check(path, true);
  }

  /** The connection stands, which may have needed what only root has. */
  #copyAs(role: string): void {
    copyAs(this.#options.copyAs, role, this.#run.ownsProcess === true);
  }

  #complain(line: string): void {
    this.#run.onEvent?.({ kind: 'message', level: 'error', origin: 'local', text: `${line}\n` });
  }

  async start(endpoints: Endpoints): Promise<TransferResult> {
    const { readBatch, writeBatch, iconv } = this.#options;
    const { local } = splitCharsets(iconv);
    if (local !== undefined) this.#charset = await openCharset(local, this.#env);
    if (readBatch !== undefined) return this.#applyBatch(readBatch);
    if (writeBatch === undefined) return this.#transfer(endpoints);
    const rules = ruleTexts(this.#lists.filters, this.#options.protocol);
    const batch = createBatchFiles(writeBatch, this.#options, rules, this.#check);
    this.#batch = batch;
    try {
      return await this.#transfer(endpoints);
    } finally {
      batch.close();
    }
  }

  #applyBatch(path: string): Promise<TransferResult> {
    const fd = openBatchFile(path, this.#check);
    const destination = this.#options.args.at(-1) ?? '';
    if (parseHostSpec(destination).kind !== 'local') {
      if (fd !== 0) closeFile(fd);
      const message = 'remote destination is not allowed with --read-batch';
      throw new RsyncError(message, { code: 'BATCH', exitCode: ExitCode.SYNTAX });
    }
    this.#copyAs('Receiver');
    const input = createReadStream('', { fd, highWaterMark: BATCH_PIECE });
    return runBatch(
      input,
      {
        options: this.#transferOptions(),
        filters: this.#lists.filters,
        destination,
        charset: this.#charset,
      },
      this.#runOptions(),
    );
  }

  async #transfer(endpoints: Endpoints): Promise<TransferResult> {
    if (endpoints.kind === 'local') {
      if (this.#options.remoteOptions.some((text) => text.startsWith('--copy-as'))) {
        const message = '--copy-as of one side of a local copy is not supported: it is one process';
        throw new RsyncError(message, { code: 'COPY_AS', exitCode: ExitCode.UNSUPPORTED });
      }
      return this.#copyLocally(endpoints);
    }
    const options = this.#options;
    if (endpoints.kind === 'shell') return this.#throughShell(endpoints);
    if (options.rsh !== undefined) return this.#throughShellToDaemon(endpoints);
    return this.#overTcp(endpoints);
  }

  // --------------------------------------------------------------------------------- local

  async #copyLocally(endpoints: Extract<Endpoints, { kind: 'local' }>): Promise<TransferResult> {
    this.#copyAs('sender');
    return copyLocal(
      {
        options: this.#transferOptions(),
        sources: [...endpoints.sources],
        destination: endpoints.destination ?? '',
        there: optionsThere(this.#options),
        ...(this.#batch === undefined ? {} : { batch: this.#batch }),
        charsets: await this.#bothCharsets(),
        ...this.#lists,
      },
      this.#runOptions(),
    );
  }

  async #bothCharsets(): Promise<LocalJob['charsets']> {
    const source = this.#charset;
    if (source === undefined) return undefined;
    const { remote = '' } = splitCharsets(this.#options.iconv);
    const destination = await openCharset(remote, this.#env);
    this.#tellCharset('sender', source);
    return { source, destination };
  }

  /** `--debug=iconv`, which is part of `-vv`. */
  #tellCharset(role: 'sender' | 'Receiver', charset: Charset | undefined): void {
    if (charset === undefined || (this.#options.debugLevels.iconv ?? 0) === 0) return;
    const text = `[${role}] charset: ${charset.name}\n`;
    this.#run.onEvent?.({ kind: 'message', level: 'info', origin: 'local', text });
  }

  // --------------------------------------------------------------------------- remote shell

  async #throughShell(remote: Remote): Promise<TransferResult> {
    const request = {
      amSender: remote.role === 'sender',
      paths: remote.remotePaths,
      transport: 'shell' as const,
    };
    const args = serverArguments(this.#options, request);
    const target = this.#shellTarget(remote, args.argv, false);
    this.#tellCommand('opening connection using:', remoteShellCommand(target));
    this.#tellCharset(remote.role === 'sender' ? 'sender' : 'Receiver', this.#charset);
    if (args.secluded) this.#tellCommand('protected args:', args.secluded);
    return this.#withShell(remote, target, this.#env, async ({ connection }) => {
      if (args.secluded) {
        await connection.write([encodeSecludedArguments(this.#converted(args.secluded))]);
      }
      this.#copyAs(remote.role === 'sender' ? 'sender' : 'Receiver');
      return runClient(connection, this.#job(remote, { kind: 'binary' }), this.#runOptions());
    });
  }

  async #throughShellToDaemon(remote: Remote): Promise<TransferResult> {
    const target = this.#shellTarget(remote, ['--server', '--daemon', '.'], true);
    const port = remote.port ?? this.#options.port ?? 0;
    const env = { ...this.#env, RSYNC_PORT: String(port) };
    this.#tellCommand('opening connection using:', remoteShellCommand(target));
    return this.#withShell(remote, target, env, ({ connection }) =>
      this.#talkToDaemon(remote, connection),
    );
  }

  /** Arguments that travel as names do. */
  #converted(args: readonly string[]): readonly string[] {
    const charset = this.#charset;
    return charset === undefined ? args : args.map((arg) => charset.textToUtf8(arg));
  }

  /** `--debug=cmd`, which is part of `-vv`. */
  #tellCommand(what: string, words: readonly string[]): void {
    if ((this.#options.debugLevels.cmd ?? 0) === 0) return;
    const shown = words.map((word) => (/^[\w.,/@+=-]+$/.test(word) ? word : `"${word}"`));
    this.#tell(`${[what, ...shown].join(' ')}  (${words.length} args)\n`);
  }

  #tell(text: string): void {
    this.#run.onEvent?.({ kind: 'message', level: 'info', origin: 'local', text });
  }

  #shellTarget(
    remote: Remote,
    argumentsOfServer: readonly string[],
    daemon: boolean,
  ): RemoteShellTarget {
    const fromEnvironment = this.#env.RSYNC_RSH;
    return {
      rsh:
        this.#options.rsh ??
        (fromEnvironment === undefined ? undefined : textToBytes(fromEnvironment)),
      user: remote.user,
      host: remote.host,
      ipFamily: this.#options.ipFamily,
      rsyncPath: this.#options.rsyncPath,
      serverArguments: argumentsOfServer,
      daemon,
    };
  }

  /** Run a transfer over a remote shell and merge how the shell ended into its result. */
  async #withShell(
    remote: Remote,
    target: RemoteShellTarget,
    env: Readonly<Record<string, string | undefined>>,
    transfer: (shell: RemoteShell) => Promise<TransferResult>,
  ): Promise<TransferResult> {
    const shell = await startRemoteShell(remoteShellCommand(target), {
      env,
      signal: this.#run.signal,
      onStderr: this.#run.onRemoteStderr,
    });
    try {
      const result = await transfer(shell);
      await shell.connection.end();
      const { status } = await shell.exited;
      // A daemon that has listed its modules ends with whatever status.
      if (remote.kind === 'daemon' && remote.module === '') return result;
      return { ...result, exitCode: mergeExitCode(remote.role, result.exitCode, status) };
    } catch (error) {
      throw await this.#explained(error, shell, target);
    } finally {
      shell.kill();
      await shell.connection.close();
      await shell.release();
    }
  }

  /** A broken connection often has its reason in the shell's status, which then counts. */
  async #explained(
    error: unknown,
    shell: RemoteShell,
    target: RemoteShellTarget,
  ): Promise<unknown> {
    if (this.#run.signal?.aborted || !(error instanceof RsyncError)) return error;
    // A daemon that says why it ends has been reached, whatever its status.
    if (error.code === 'DAEMON_ERROR') return error;
    if (error.exitCode !== ExitCode.STREAM && error.exitCode !== ExitCode.START_CLIENT)
      return error;
    const waited = new Promise<{ status: number }>((resolve) => {
      setTimeout(resolve, STATUS_WAIT, { status: 0 }).unref();
    });
    const { status } = await Promise.race([shell.exited, waited]);
    if (status <= error.exitCode) return error;
    const reason = explainShellStatus(status, target);
    const message = reason === '' ? error.message : `${error.message}\n${reason}`;
    const exitCode = error.code === 'DAEMON_START' ? error.exitCode : status;
    return new RsyncError(message, { code: 'REMOTE_SHELL', exitCode, cause: error });
  }

  // --------------------------------------------------------------------------------- daemon

  async #overTcp(remote: Remote): Promise<TransferResult> {
    const connection = await this.#connect(remote);
    try {
      return await this.#talkToDaemon(remote, connection);
    } finally {
      await connection.close();
    }
  }

  async #connect(remote: Remote): Promise<Connection> {
    const program = this.#env.RSYNC_CONNECT_PROG;
    const host = bytesToText(remote.host);
    if (program) {
      return startConnectProgram(connectCommand(program, host), this.#env, this.#run.signal);
    }
    const { address } = this.#options;
    const port = remote.port ?? this.#options.port ?? DAEMON_PORT;
    const proxy = this.#env.RSYNC_PROXY ? parseProxy(this.#env.RSYNC_PROXY) : undefined;
    // `--debug=connect`, which is part of `-vv`.
    const told = this.#options.debugLevels.connect ?? 0;
    if (told >= 1) this.#tell(`opening tcp connection to ${remote.host} port ${port}\n`);
    const since = performance.now();
    const socket = await connectTcp({
      host: proxy?.host ?? host,
      port: proxy?.port ?? port,
      localAddress: address === undefined ? undefined : bytesToText(address),
      ipFamily: this.#options.ipFamily,
      connectTimeout: this.#options.contimeout,
      signal: this.#run.signal,
    });
    if (told >= 2) this.#tell(`Connected to ${remote.host} (${socket.remoteAddress})\n`);
    this.#setSocketOptions(socket, remote.role === 'sender' ? 'sender' : 'Receiver');
    const connection = connectStreams(socket, socket, { kind: 'socket' });
    if (proxy === undefined) {
      this.#nearby = performance.now() - since < NEARBY_MS;
      return connection;
    }
    try {
      return await tunnel(connection, proxy, host, port);
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** `--sockopts`; what does not work is told, and the run goes on. */
  #setSocketOptions(socket: Socket, role: string): void {
    for (const problem of setSocketOptions(socket, this.#options.sockopts ?? '', role)) {
      this.#complain(problem);
    }
  }

  /** The text phase, then the transfer; a listing ends after the first. */
  async #talkToDaemon(remote: Remote, connection: Connection): Promise<TransferResult> {
    const args = serverArguments(this.#options, {
      amSender: remote.role === 'sender',
      paths: remote.remotePaths,
      transport: 'daemon',
    });
    const session = await this.#openSession(remote, connection, () =>
      this.#tellCommand('sending daemon args:', args.argv),
    );
    if (!session) return { exitCode: ExitCode.OK, stats: createStats() };
    if (args.secluded) this.#tellCommand('protected args:', args.secluded);
    const binary = await session.start(args.argv, args.secluded && this.#converted(args.secluded));
    const { protocol } = session;
    const handshake = { kind: 'daemon' as const, protocol, nearby: this.#nearby };
    this.#copyAs(remote.role === 'sender' ? 'sender' : 'Receiver');
    return runClient(binary, this.#job(remote, handshake), this.#runOptions());
  }

  async #openSession(
    remote: Remote,
    connection: Connection,
    onGreeting: () => void,
  ): Promise<DaemonSession | undefined> {
    const env = this.#env;
    const userText = env.USER || env.LOGNAME || 'nobody';
    const user = remote.user ?? textToBytes(userText);
    const { passwordFile, earlyInput, motd, quiet, protocol, timeout } = this.#options;
    const { signal, onEvent } = this.#run;
    const giveUp = (): void => void connection.close();
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      return await openDaemonSession(connection, {
        module: remote.module,
        protocol,
        earlyInput: earlyInput === undefined ? undefined : readEarlyInput(earlyInput),
        limit: { seconds: timeout, role: remote.role === 'sender' ? 'sender' : 'Receiver' },
        user,
        onGreeting,
        password: () =>
          findPassword(
            {
              user: bytesToText(user),
              host: bytesToText(remote.host),
              module: bytesToText(remote.module),
            },
            {
              passwordFile: passwordFile === undefined ? undefined : bytesToText(passwordFile),
              checkFile: this.#check,
              password: this.#run.password ?? promptPassword,
              env,
            },
          ),
        onLine(line) {
          if (!motd || quiet) return;
          onEvent?.({ kind: 'message', level: 'info', origin: 'remote', text: `${line}\n` });
        },
      });
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  // ----------------------------------------------------------------------------------- jobs

  #job(remote: Remote, handshake: ClientJob['handshake']): ClientJob {
    const push = remote.role === 'sender';
    const module = remote.kind === 'daemon' ? remote.module.length + 1 : 0;
    return {
      role: remote.role,
      options: this.#transferOptions(),
      sources: push ? [...remote.localPaths] : [],
      destination: push ? '' : (remote.localPaths[0] ?? ''),
      // An unquoted argument may be several to the remote shell.
      ...(push || this.#options.oldArgs === 0
        ? { requested: push ? [] : remote.remotePaths.map((path) => path.slice(module)) }
        : {}),
      handshake,
      charset: this.#charset,
      ...(this.#batch === undefined ? {} : { batch: this.#batch }),
      ...this.#lists,
    };
  }

  /** The transfer goes by what is printed of the items, not by `-i`. */
  #transferOptions(): RsyncOptions {
    const options = this.#options;
    const printed = itemizeLevel(options);
    const logged = itemizeLevel(options, effectiveLogFormat(options) ?? '');
    return { ...options, itemize: Math.max(printed, logged) };
  }

  #runOptions(): RunOptions {
    const { signal, onEvent } = this.#run;
    return {
      ...(signal === undefined ? {} : { signal }),
      ...(onEvent === undefined ? {} : { onEvent }),
      pipeline: pipelineOf(this.#options, this.#run.pipeline),
    };
  }
}

/** Where the names of `--files-from` are. */
function namesOf({ filesFrom }: RsyncOptions, check: CheckFile): Pick<ClientJob, 'filesFrom'> {
  if (filesFrom === undefined) return {};
  const place = parseFilesFrom(filesFrom);
  if (place.kind === 'remote') return { filesFrom: { kind: 'peer' } };
  const path = place.kind === 'stdin' ? '-' : place.path;
  return { filesFrom: { kind: 'bytes', bytes: readFilesFrom(path, check) } };
}

/** `--remote-option` speaks of the receiving side of a local copy, too. */
function optionsThere(options: RsyncOptions): LocalJob['there'] {
  const { remoteOptions } = options;
  let { fakeSuper, superUser } = options;
  for (const word of remoteOptions) {
    if (!/^--(fake-|no-)?super$/.test(word)) continue;
    fakeSuper = word === '--fake-super';
    superUser = fakeSuper ? undefined : word === '--super';
  }
  return { fakeSuper, superUser, dropD: options.dropD || remoteOptions.includes('--drop-D') };
}
