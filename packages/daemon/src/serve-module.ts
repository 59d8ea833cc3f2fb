import { readFileSync } from 'node:fs';
import { errnoCode, fsPath } from '@deltawire/filesystem';
import { createDaemonFilter } from '@deltawire/filters';
import { checkChmod, type RsyncOptions, splitCharsets } from '@deltawire/options';
import { ExitCode, exitCodeText } from '@deltawire/protocol';
import {
  type Charset,
  expandGlob,
  type NameService,
  openCharset,
  runServer,
  type TransferEvent,
  type TransferResult,
} from '@deltawire/transfer';
import type { PeerHost } from './access.ts';
import { capVerbosity, checkArguments, readServerArguments } from './arguments.ts';
import type { ModuleUser } from './authenticate.ts';
import type { Hooks } from './hooks.ts';
import type { DaemonLog } from './log.ts';
import type { EnteredModule } from './module.ts';
import { clipOptionPath, clipToModule, splitModulePaths } from './module-paths.ts';
import type { ServeContext } from './serve-context.ts';
import type { ModuleSettings } from './settings.ts';
import type { TextChannel } from './text-channel.ts';
import { formatTransferLine } from './transfer-log.ts';

/** A connection that has passed all checks of its module. */
export interface ModuleService {
  readonly context: ServeContext;
  readonly module: ModuleSettings;
  readonly entered: EnteredModule;
  readonly user: ModuleUser;
  readonly host: PeerHost;
  readonly hooks: Hooks;
  readonly protocol: number;
  readonly log: DaemonLog;
  /** `name converter`. */
  readonly names: NameService | undefined;
  /** Of the names in the module; used when the client asks for it. */
  readonly charset: Charset | undefined;
}

interface Rejection {
  readonly text: string;
  readonly exitCode: number;
}

/** Read the arguments and run the transfer (docs/spec/session.md §4.7). Returns its exit code. */
export async function serveModule(channel: TextChannel, service: ModuleService): Promise<number> {
  const { context, module, entered, log } = service;
  const { args, secluded } = await readServerArguments(channel, service.protocol, service.charset);
  const checked = checkArguments(args, module.refuseOptions, service.charset !== undefined);
  const options = moduleOptions(checked.options, service);
  const requests = checked.reject ? args.slice(args.indexOf('.') + 1) : options.args;
  logRequest(options, requests, service);
  const split = requests.flatMap((text) => splitModulePaths(text, module.name, secluded));
  const paths = split
    .map((path) => clipToModule(path, options.relative))
    .flatMap((path) => expandGlob(path, entered.root));
  channel.startDeadline(0);
  const optionArgs = args.slice(0, args.indexOf('.') + 1);
  const vetoed = await service.hooks.before(requests, [...optionArgs, ...paths]);
  const reject =
    vetoed === undefined
      ? (checked.reject ?? refuseDirection(options, service) ?? refuseCopyAs(options))
      : { text: vetoed, exitCode: ExitCode.UNSUPPORTED };
  if (!reject) log.write(options.sender ? 'building file list' : 'receiving file list');
  const connection = channel.release();
  const onEvent = eventHandler(options, service);
  let said = false;
  const result = await runServer(
    connection,
    {
      options: { ...options, storeOnly: module.dontCompress.split(/\s+/).includes('*') },
      paths,
      handshake: { kind: 'daemon', protocol: service.protocol },
      charset: await charsetFor(options, service),
      daemon: {
        moduleRoot: entered.root,
        moduleName: module.name,
        filter: moduleFilter(module),
        readOnly: service.user.readOnly,
        numericIds: module.numericIds,
        names: service.names,
        incomingChmod: usableChmod('incoming chmod', module.incomingChmod, log),
        outgoingChmod: usableChmod('outgoing chmod', module.outgoingChmod, log),
        ignoreNonreadable: module.ignoreNonreadable,
        insecureLinks: module.insecureLinks,
      },
      ...(reject === undefined ? {} : { reject }),
    },
    {
      onEvent: (event) => {
        said ||= event.kind === 'message' && event.text.startsWith('rsync error:');
        onEvent(event);
      },
      ...(context.signal === undefined ? {} : { signal: context.signal }),
      ...(context.pipeline === undefined ? {} : { pipeline: context.pipeline }),
    },
  );
  logResult(result, said, log);
  return result.exitCode;
}

/** The module's own charset; the client's word counts only where the module lets it without one. */
async function charsetFor(
  { iconv }: RsyncOptions,
  { charset, context }: ModuleService,
): Promise<Charset | undefined> {
  const { remote } = splitCharsets(iconv);
  return remote === undefined ? undefined : (charset ?? openCharset(remote, context.env));
}

/** A module has its own user; who asks for another must not get this one without a word. */
function refuseCopyAs({ copyAs }: RsyncOptions): Rejection | undefined {
  if (copyAs === undefined) return undefined;
  return { text: '--copy-as is not supported by a daemon\n', exitCode: ExitCode.UNSUPPORTED };
}

/** As in rsync, one that is not understood is logged and changes nothing. */
function usableChmod(name: string, value: string, log: DaemonLog): string {
  try {
    if (value !== '') checkChmod(value);
    return value;
  } catch {
    log.write(`Invalid "${name}" directive: ${value}`);
    return '';
  }
}

/** The client's options with what the module imposes; paths in them end inside the module. */
function moduleOptions(parsed: RsyncOptions, service: ModuleService): RsyncOptions {
  const { module, entered } = service;
  const options = capVerbosity(parsed, module.maxVerbosity);
  const inside = (path: string): string => `${entered.root}/${clipOptionPath(path)}`;
  /** Relative ones are below the destination, or below each directory of it. */
  const insideOrBelow = (path: string): string =>
    path.startsWith('/') ? inside(path) : clipOptionPath(path);
  if (module.timeout > 0) {
    options.timeout =
      options.timeout > 0 ? Math.min(options.timeout, module.timeout) : module.timeout;
  }
  if (module.ignoreErrors) options.ignoreErrors = true;
  options.openNoatime = module.openNoatime ?? options.openNoatime;
  if (module.fakeSuper) options.fakeSuper = true;
  else if (options.fakeSuper) {
    // A client may not choose it: rsync takes the wish for `--super`.
    options.fakeSuper = false;
    options.superUser = true;
  }
  if (entered.mungesSymlinks) options.mungeLinks = true;
  if (module.tempDir !== '') options.tempDir ??= module.tempDir;
  if (options.tempDir !== undefined) options.tempDir = insideOrBelow(options.tempDir);
  if (options.backupDir !== undefined) options.backupDir = insideOrBelow(options.backupDir);
  if (options.partialDir !== undefined) options.partialDir = insideOrBelow(options.partialDir);
  if (options.filesFrom !== undefined && options.filesFrom !== '-') {
    options.filesFrom = inside(options.filesFrom);
  }
  return options;
}

function refuseDirection(options: RsyncOptions, service: ModuleService): Rejection | undefined {
  if (options.sender) {
    if (service.module.writeOnly) return { text: 'ERROR: module is write only\n', exitCode: 1 };
    if (!options.removeSourceFiles || !service.user.readOnly) return undefined;
    const option = `--remove-${options.removeSentFiles ? 'sent' : 'source'}-files`;
    const text = `ERROR: ${option} cannot be used with a read-only module\n`;
    return { text, exitCode: 1 };
  }
  if (!service.user.readOnly) return undefined;
  return { text: 'ERROR: module is read only\n', exitCode: 1 };
}

/** What the module hides; a file with rules that cannot be read hides everything by failing. */
function moduleFilter(module: ModuleSettings): ReturnType<typeof createDaemonFilter> {
  const { filter, includeFrom, include, excludeFrom, exclude } = module;
  return createDaemonFilter({ filter, includeFrom, include, excludeFrom, exclude }, readIfThere);
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(fsPath(path));
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function logRequest(
  options: RsyncOptions,
  requests: readonly string[],
  { user, host, log }: ModuleService,
): void {
  const direction = options.sender ? 'on' : 'to';
  const who = user.name === '' ? host.name : `${user.name}@${host.name}`;
  log.write(`rsync ${direction} ${requests.join(' ')} from ${who} (${host.address})`);
}

function eventHandler(
  options: RsyncOptions,
  { context, module, entered, user, host, log }: ModuleService,
): (event: TransferEvent) => void {
  const subject = {
    host: host.name,
    address: host.address,
    module: module.name,
    modulePath: entered.root,
    user: user.name,
    operation: options.sender ? ('send' as const) : ('recv' as const),
  };
  return (event) => {
    if (event.kind === 'transferred' && module.transferLogging) {
      log.write(formatTransferLine(module.logFormat, event, subject));
    }
    if (event.kind === 'message') log.write(event.text.trimEnd());
    context.onEvent?.(event);
  };
}

/** Exit codes of transfers that ran to their end, whatever they had to leave out. */
const COMPLETE: ReadonlySet<number> = new Set([
  ExitCode.OK,
  ExitCode.PARTIAL,
  ExitCode.VANISHED,
  ExitCode.DELETE_LIMIT,
]);

/** `said`: why the transfer failed has been logged. */
function logResult({ stats, exitCode }: TransferResult, said: boolean, log: DaemonLog): void {
  if (!COMPLETE.has(exitCode)) {
    if (!said) log.write(`rsync error: ${exitCodeText(exitCode)} (code ${exitCode})`);
    return;
  }
  log.write(
    `sent ${stats.bytesSent} bytes  received ${stats.bytesReceived} bytes  ` +
      `total size ${stats.totalSize}`,
  );
}
