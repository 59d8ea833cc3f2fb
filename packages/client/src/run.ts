import { createReadStream } from 'node:fs';
import { closeFile, TrustedPaths } from '@deltawire/filesystem';
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
  copyLocal,
  createStats,
  type LocalJob,
  openCharset,
  type RunOptions,
  runBatch,
  runClient,
  type TransferResult,
} from '@deltawire/transfer';
import { type BatchFile, createBatchFiles, openBatchFile } from './batch-files.ts';
import { copyAs } from './copy-as.ts';
import { connectToDaemon } from './daemon-connection.ts';
import { type DaemonSession, openDaemonSession } from './daemon-session.ts';
import { readEarlyInput } from './early-input.ts';
import {
  checkFilesFrom,
  type Endpoints,
  type RemoteEndpoints,
  resolveEndpoints,
} from './endpoints.ts';
import { type CheckFile, readFilesFrom, readFilterRules } from './lists.ts';
import { findPassword, promptPassword } from './password.ts';
import { pipelineOf } from './pipeline.ts';
import { remoteShellCommand } from './remote-shell.ts';
import { type EndName, RunMessages } from './run-messages.ts';
import type { Environment, RunSyncOptions } from './run-options.ts';
import { shellTarget, withShell } from './shell-session.ts';

/** What a daemon behind a remote shell is started with. */
const DAEMON_ARGUMENTS = ['--server', '--daemon', '.'];
/** Bytes of a batch that are read at once. */
const BATCH_PIECE = 256 * 1024;

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

const endName = ({ role }: RemoteEndpoints): EndName => (role === 'sender' ? 'sender' : 'Receiver');

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
  readonly #env: Environment;
  readonly #lists: Pick<ClientJob, 'filters' | 'filesFrom'>;
  readonly #check: CheckFile;
  readonly #messages: RunMessages;
  #batch: BatchFile | undefined;
  /** Of the names here, with `--iconv`. */
  #charset: Charset | undefined;

  /** Reads the files of rules and names: what is wrong with them comes before any connection. */
  constructor(options: RsyncOptions, run: RunSyncOptions) {
    this.#options = options;
    this.#run = run;
    this.#env = run.env ?? process.env;
    this.#messages = new RunMessages(options, run.onEvent);
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
      onUntrusted: (line) => this.#messages.complain(line),
    });
    return (path) => paths.check(path, true);
  }

  /** The connection stands, which may have needed what only root has. */
  #copyAs(role: string): void {
    copyAs(this.#options.copyAs, role, this.#run.ownsProcess === true);
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
    this.#messages.charset('sender', source);
    return { source, destination };
  }

  // --------------------------------------------------------------------------- remote shell

  async #throughShell(remote: RemoteEndpoints): Promise<TransferResult> {
    const request = {
      amSender: remote.role === 'sender',
      paths: remote.remotePaths,
      transport: 'shell' as const,
    };
    const args = serverArguments(this.#options, request);
    const target = shellTarget(this.#options, this.#env, remote, args.argv, false);
    this.#messages.command('opening connection using:', remoteShellCommand(target));
    this.#messages.charset(endName(remote), this.#charset);
    if (args.secluded) this.#messages.command('protected args:', args.secluded);
    return withShell(remote, target, this.#env, this.#run, async ({ connection }) => {
      if (args.secluded) {
        await connection.write([encodeSecludedArguments(this.#converted(args.secluded))]);
      }
      this.#copyAs(endName(remote));
      return runClient(connection, this.#job(remote, { kind: 'binary' }), this.#runOptions());
    });
  }

  async #throughShellToDaemon(remote: RemoteEndpoints): Promise<TransferResult> {
    const target = shellTarget(this.#options, this.#env, remote, DAEMON_ARGUMENTS, true);
    const port = remote.port ?? this.#options.port ?? 0;
    const env = { ...this.#env, RSYNC_PORT: String(port) };
    this.#messages.command('opening connection using:', remoteShellCommand(target));
    return withShell(remote, target, env, this.#run, ({ connection }) =>
      this.#talkToDaemon(remote, connection, false),
    );
  }

  /** Arguments that travel as names do. */
  #converted(args: readonly string[]): readonly string[] {
    const charset = this.#charset;
    return charset === undefined ? args : args.map((arg) => charset.textToUtf8(arg));
  }

  // --------------------------------------------------------------------------------- daemon

  async #overTcp(remote: RemoteEndpoints): Promise<TransferResult> {
    const { connection, nearby } = await connectToDaemon(
      remote,
      this.#options,
      this.#env,
      this.#messages,
      this.#run.signal,
    );
    try {
      return await this.#talkToDaemon(remote, connection, nearby);
    } finally {
      await connection.close();
    }
  }

  /** The text phase, then the transfer; a listing ends after the first. */
  async #talkToDaemon(
    remote: RemoteEndpoints,
    connection: Connection,
    nearby: boolean,
  ): Promise<TransferResult> {
    const args = serverArguments(this.#options, {
      amSender: remote.role === 'sender',
      paths: remote.remotePaths,
      transport: 'daemon',
    });
    const session = await this.#openSession(remote, connection, () =>
      this.#messages.command('sending daemon args:', args.argv),
    );
    if (!session) return { exitCode: ExitCode.OK, stats: createStats() };
    if (args.secluded) this.#messages.command('protected args:', args.secluded);
    const binary = await session.start(args.argv, args.secluded && this.#converted(args.secluded));
    const { protocol } = session;
    const handshake = { kind: 'daemon' as const, protocol, nearby };
    this.#copyAs(endName(remote));
    return runClient(binary, this.#job(remote, handshake), this.#runOptions());
  }

  async #openSession(
    remote: RemoteEndpoints,
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
        limit: { seconds: timeout, role: endName(remote) },
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

  #job(remote: RemoteEndpoints, handshake: ClientJob['handshake']): ClientJob {
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
