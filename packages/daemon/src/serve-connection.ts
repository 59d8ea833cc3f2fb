import { readFileSync } from 'node:fs';
import { errnoText, fsPath } from '@deltawire/filesystem';
import {
  ExitCode,
  exitCodeText,
  formatModuleLine,
  LimitError,
  REQUEST_LINE_MAX_BYTES,
  RsyncError,
} from '@deltawire/protocol';
import { type Connection, openCharset } from '@deltawire/transfer';
import { isHostAllowed } from './access.ts';
import { authenticate } from './authenticate.ts';
import { expandVariables } from './expand.ts';
import { type AgreedGreeting, greet } from './greet.ts';
import { Hooks } from './hooks.ts';
import { lookUpHostName, UNDETERMINED } from './host-name.ts';
import { daemonIdentity, switchIdentity } from './identity.ts';
import { type DaemonLog, openLog } from './log.ts';
import { enterModule, planModule } from './module.ts';
import { NameConverter } from './name-converter.ts';
import { isProxyTrusted, readProxyHeader } from './proxy-header.ts';
import { Refused } from './refused.ts';
import type { Peer, ReleaseSlot, ServeContext } from './serve-context.ts';
import { serveModule } from './serve-module.ts';
import type { ModuleSettings } from './settings.ts';
import { createLockFile } from './slots.ts';
import { TextChannel, TextPhaseError } from './text-channel.ts';

/** Seconds a peer has per phase of the text protocol (docs/spec/session.md §4.8). */
const HANDSHAKE_SECONDS = 60;
/** Seconds a peer has to close after the daemon's last word. */
const LINGER_SECONDS = 2;
const MAX_EARLY_INPUT = 5120;
/** Exit code of a connection that ended with `@ERROR`, for `post-xfer exec`. */
const REFUSED_STATUS = 255;

/** Serve one connection from greeting to goodbye. Never throws for what the peer does. */
export async function serveConnection(
  connection: Connection,
  peer: Peer,
  context: ServeContext,
): Promise<void> {
  const log = openLog(context.settings.global, context.onLog, context.syslog);
  const channel = new TextChannel(connection);
  const cancel = (): void => channel.cancel();
  context.signal?.addEventListener('abort', cancel, { once: true });
  if (context.signal?.aborted) cancel();
  try {
    if (context.ownProcess) becomeDaemonUser(context);
    await new ConnectionServer(channel, peer, context, log).serve();
  } catch (error) {
    if (error instanceof Refused) {
      if (error.logged !== undefined) log.write(error.logged);
      await channel.write(`@ERROR: ${error.message}\n`);
    } else {
      logFailure(error, log);
      // Someone who breaks the rules is owed no wait for a goodbye.
      if (error instanceof TextPhaseError) await connection.close();
    }
  } finally {
    context.signal?.removeEventListener('abort', cancel);
    await channel.finish(LINGER_SECONDS);
    await connection.close();
    log.close();
  }
}

/** `daemon uid` and `daemon gid`: the log is open by now. */
function becomeDaemonUser({ settings: { global } }: ServeContext): void {
  try {
    const identity = daemonIdentity(global.daemonUid, global.daemonGid);
    if (identity) switchIdentity(identity);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TextPhaseError(reason.replace('invalid', 'Invalid daemon'), ExitCode.UNSUPPORTED);
  }
}

function logFailure(error: unknown, log: DaemonLog): void {
  const tooMany = error instanceof LimitError && error.field === 'number of arguments';
  const message = error instanceof Error ? error.message : String(error);
  log.write(tooMany ? 'too many daemon arguments' : message);
  const code = error instanceof RsyncError ? error.exitCode : ExitCode.IPC;
  log.write(`rsync error: ${exitCodeText(code)} (code ${code})`);
}

class ConnectionServer {
  readonly #channel: TextChannel;
  #peer: Peer;
  readonly #context: ServeContext;
  readonly #log: DaemonLog;
  #hostName: string = UNDETERMINED;
  #earlyInput: Uint8Array = new Uint8Array(0);

  constructor(channel: TextChannel, peer: Peer, context: ServeContext, log: DaemonLog) {
    this.#channel = channel;
    this.#peer = peer;
    this.#context = context;
    this.#log = log;
  }

  get #host(): string {
    return `${this.#hostName} (${this.#peer.address})`;
  }

  async serve(): Promise<void> {
    const { settings } = this.#context;
    this.#startDeadline(0);
    if (settings.global.proxyProtocol && this.#context.deadlines) await this.#readProxyHeader();
    if (settings.global.reverseLookup) await this.#lookUpName();
    this.#log.write(`connect from ${this.#host}`);
    const greeting = await greet(this.#channel, this.#motd());
    if (greeting === undefined) return;
    const request = await this.#readRequest();
    if (request === undefined) return;
    if (request === '' || request === '#list') return this.#list(greeting);
    if (request.startsWith('#')) throw new Refused(`Unknown command '${request}'`);
    const module = settings.modules.find(({ name }) => name === request);
    if (!module) {
      const logged = `unknown module '${request}' tried from ${this.#host}`;
      throw new Refused(`Unknown module '${request}'`, logged);
    }
    await this.#serveModule(module, greeting);
  }

  /** Who is not trusted to name a client, or names it wrongly, hears nothing. */
  async #readProxyHeader(): Promise<void> {
    const { proxyProtocolHosts } = this.#context.settings.global;
    if (!(await isProxyTrusted(this.#peer, proxyProtocolHosts))) {
      throw new TextPhaseError(`proxy protocol is not allowed from ${this.#peer.address}`);
    }
    this.#peer = (await readProxyHeader(this.#channel)) ?? this.#peer;
  }

  #startDeadline(moduleTimeout: number): void {
    if (!this.#context.deadlines) return;
    const limit =
      moduleTimeout > 0 ? Math.min(moduleTimeout, HANDSHAKE_SECONDS) : HANDSHAKE_SECONDS;
    this.#channel.startDeadline(limit);
  }

  async #lookUpName(): Promise<void> {
    if (this.#hostName !== UNDETERMINED) return;
    this.#hostName = await lookUpHostName(this.#peer.address, this.#peer.port);
  }

  /** The file as it is, and one more line end. */
  #motd(): string {
    const file = this.#context.settings.global.motdFile;
    if (file === '') return '';
    try {
      return `${readFileSync(fsPath(file), 'latin1')}\n`;
    } catch {
      // As with rsync, a message that cannot be read is no message.
      return '';
    }
  }

  /** The request line, after what the client has for `early exec`. */
  async #readRequest(): Promise<string | undefined> {
    const line = await this.#channel.readLine(REQUEST_LINE_MAX_BYTES);
    if (line === undefined || !line.startsWith('#early_input=')) return line;
    const length = Number(line.slice('#early_input='.length));
    if (!Number.isInteger(length) || length < 1 || length > MAX_EARLY_INPUT) {
      throw new Refused('invalid early_input length');
    }
    this.#earlyInput = await this.#channel.readBytes(length);
    return this.#channel.readLine(REQUEST_LINE_MAX_BYTES);
  }

  async #list(greeting: AgreedGreeting): Promise<void> {
    this.#log.write(`module-list request from ${this.#host}`);
    const listed = this.#context.settings.modules.filter(({ list }) => list);
    const lines = listed.map(({ name, comment }) => formatModuleLine(name, comment));
    const end = greeting.protocol >= 25 ? '@RSYNCD: EXIT\n' : '';
    await this.#channel.write(lines.join('') + end);
  }

  async #serveModule(module: ModuleSettings, greeting: AgreedGreeting): Promise<void> {
    const charset =
      module.charset === '' ? undefined : await openCharset(module.charset, this.#context.env);
    await this.#checkHost(module);
    const release = await this.#claim(module);
    let moduleLog = this.#log;
    try {
      this.#startDeadline(module.timeout);
      const host = { name: this.#hostName, address: this.#peer.address };
      const user = await authenticate(this.#channel, module, greeting, host, this.#log);
      moduleLog = this.#logOf(module, user.name);
      const plan = planModule(module, user.name, this.#context);
      const subject = { module, path: plan.path, host, user: user.name };
      const hooks = Hooks.start(subject, this.#context.env);
      let exitCode = REFUSED_STATUS;
      try {
        // Hooks take as long as they need.
        this.#channel.startDeadline(0);
        await hooks.early(this.#earlyInput);
        using names = NameConverter.start(subject, this.#context.env);
        const entered = enterModule(plan, this.#context);
        await this.#channel.write('@RSYNCD: OK\n');
        this.#startDeadline(module.timeout);
        exitCode = await serveModule(this.#channel, {
          context: this.#context,
          module,
          entered,
          user,
          host,
          hooks,
          protocol: greeting.protocol,
          log: moduleLog,
          charset,
          names,
        });
      } catch (error) {
        if (error instanceof RsyncError) exitCode = error.exitCode;
        throw error;
      } finally {
        hooks.finish(exitCode);
      }
    } finally {
      release();
      if (moduleLog !== this.#log) moduleLog.close();
    }
  }

  /** The module's own log, which may be named after the user; else the daemon's. */
  #logOf(module: ModuleSettings, user: string): DaemonLog {
    const { settings, env, onLog, syslog } = this.#context;
    const names = { ...env, RSYNC_USER_NAME: user, RSYNC_MODULE_NAME: module.name };
    const target = {
      logFile: expandVariables(module.logFile, names),
      syslogFacility: module.syslogFacility,
      syslogTag: expandVariables(module.syslogTag, names),
    };
    const { logFile, syslogFacility, syslogTag } = settings.global;
    const sameTag = target.syslogFacility === syslogFacility && target.syslogTag === syslogTag;
    const isOwnFile = target.logFile !== '' && target.logFile !== logFile;
    // One file, or one name in the system's log.
    if (!isOwnFile && (logFile !== '' || sameTag)) return this.#log;
    return openLog(target, onLog, syslog);
  }

  async #checkHost(module: ModuleSettings): Promise<void> {
    if (module.reverseLookup) await this.#lookUpName();
    const host = { name: this.#hostName, address: this.#peer.address };
    const rules = {
      allow: module.hostsAllow,
      deny: module.hostsDeny,
      forwardLookup: module.forwardLookup,
    };
    if (await isHostAllowed(host, rules)) {
      this.#log.write(`rsync allowed access on module ${module.name} from ${this.#host}`);
      return;
    }
    const logged = `rsync denied on module ${module.name} from ${this.#host}`;
    if (!module.list) throw new Refused(`Unknown module '${module.name}'`, logged);
    throw new Refused(`access denied to ${module.name} from ${this.#host}`, logged);
  }

  #expanded(value: string, module: ModuleSettings): string {
    return expandVariables(value, { ...this.#context.env, RSYNC_MODULE_NAME: module.name });
  }

  async #claim(module: ModuleSettings): Promise<ReleaseSlot> {
    const max = module.maxConnections;
    if (max === 0) return () => {};
    const lockFile = this.#expanded(module.lockFile, module);
    try {
      createLockFile(lockFile);
    } catch (error) {
      const logged = `rsync: [Receiver] failed to open lock file ${lockFile}: ${errnoText(error)}`;
      throw new Refused('failed to open lock file', logged);
    }
    const release = await this.#context.claimSlot(lockFile, max);
    if (release) return release;
    const reason = `max connections (${max}) reached`;
    throw new Refused(`${reason} -- try again later`, reason);
  }
}
