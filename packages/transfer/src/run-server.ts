import { joinPath } from '@deltawire/filesystem';
import type { FilterRule } from '@deltawire/filters';
import {
  ExitCode,
  encodeMessageValue,
  MessageTag,
  parseClientInfo,
  RsyncError,
} from '@deltawire/protocol';
import type { Connection } from './connection.ts';
import { readNames, readNamesFile, sendNames, splitNames } from './files-from.ts';
import { receiveRules } from './filter-exchange.ts';
import { handshakeAsServer } from './handshake.ts';
import { watchIdle } from './idle-watch.ts';
import type { RunOptions, ServerJob, TransferResult } from './jobs.ts';
import { exitCodeOf, finishSession, openWire, reportFailure, sayExitCode } from './lifecycle.ts';
import type { LocalLink } from './local-link.ts';
import { confinedTo, hiddenByModule, showInModule } from './module-rules.ts';
import type { TransferOptions } from './options.ts';
import { runReceivingSide } from './receiver/receiving-side.ts';
import { Sender } from './sender/sender.ts';
import { Session } from './session.ts';

/** Milliseconds for a client to read why it is refused, before it sees the end of its input. */
const REJECTION_MS = 400;
/** A server that left something out ends that much later, in ms. */
const PARTIAL_MS = 100;

/**
 * Serve one transfer: the side that was started with `--server`, or by a daemon. Once the
 * handshake is over failures are told to the client, and the result carries their exit code;
 * before that they reject.
 */
export async function runServer(
  connection: Connection,
  job: ServerJob,
  run: RunOptions = {},
): Promise<TransferResult> {
  return runServerSide(connection, job, run, undefined);
}

/** @internal `local`: both ends are in this process. */
export async function runServerSide(
  connection: Connection,
  job: ServerJob,
  run: RunOptions,
  local: LocalLink | undefined,
): Promise<TransferResult> {
  const { options } = job;
  const receives = !options.sender;
  const { wire, attach, release } = openWire(connection, run.signal);
  let session: Session | undefined;
  try {
    const info = options.clientInfo ?? '';
    const stopWatch = watchIdle(wire, {
      seconds: options.timeout,
      role: () => (receives ? 'Receiver' : 'sender'),
      keepsAlive: () => false,
    });
    const agreement = await handshakeAsServer(wire, options, job.handshake, info, receives).finally(
      stopWatch,
    );
    session = new Session(wire, sessionOptions(job), agreement, {
      server: true,
      receives,
      local,
      charset: job.charset,
      names: job.daemon?.names,
      peerConvertsLinks: local !== undefined || parseClientInfo(info).letters.includes('s'),
      onEvent: run.onEvent,
      checkPath: confinedTo(job.daemon),
      moduleRoot: job.daemon?.moduleRoot,
      showPath: shownBy(job),
    });
    attach(session);
    const { dialect } = agreement;
    if (job.reject !== undefined && awaitsRawNames(session, job)) wire.sendRaw(new Uint8Array(1));
    wire.startOutputMux();
    wire.startCounting();
    if (job.reject !== undefined) return await reject(session, job.reject);
    if (job.daemon !== undefined && dialect.ioTimeout && session.timeout > 0) {
      wire.message(MessageTag.IO_TIMEOUT, encodeMessageValue(session.timeout));
    }
    const rawNames = options.filesFrom === '-' && options.sender && !dialect.filesFromFramed;
    if (dialect.multiplexInput || (!receives && options.removeSourceFiles)) {
      wire.startInputMux('server', rawNames);
    }
    session.startTimers();
    if (job.daemon === undefined) session.showCharset();
    const rules = local?.rules ?? (await receiveRules(session, job.daemon !== undefined));
    if (receives) await receive(session, job, rules, run);
    else await send(session, job, rules, rawNames);
    // The client may still be writing, with a list that came out empty for one: it would fail.
    if (session.exitCode !== 0) await wire.linger(PARTIAL_MS);
    await finishSession(session);
    session.stats.bytesSent = wire.bytesWritten;
    session.stats.bytesReceived = wire.bytesRead;
    return { exitCode: session.exitCode, stats: session.stats };
  } catch (error) {
    const failure = await reportFailure(error, session, run.signal);
    if (session === undefined || run.signal?.aborted === true) throw failure;
    return { exitCode: exitCodeOf(failure), stats: session.stats };
  } finally {
    session?.release();
    release();
  }
}

/** The client reads names before it looks for messages: an empty list lets it get that far. */
function awaitsRawNames(session: Session, job: ServerJob): boolean {
  const { filesFrom } = job.options;
  const fromHere = session.receives && filesFrom !== undefined && filesFrom !== '-';
  return fromHere && !session.agreement.dialect.filesFromFramed;
}

const readList = (session: Session, path: string): Uint8Array =>
  readNamesFile(path, (checked) => session.checkOption(checked, true));

async function receive(
  session: Session,
  job: ServerJob,
  rules: readonly FilterRule[],
  run: RunOptions,
): Promise<void> {
  const { filesFrom } = job.options;
  if (filesFrom !== undefined && filesFrom !== '-') {
    sendNames(session, readList(session, filesFrom));
  }
  const asked = job.paths[0] ?? '.';
  const destination = localPath(job, asked);
  const isHidden = hiddenByModule(job.daemon);
  if (isHidden?.(destination, true) === true) {
    throw new RsyncError(`ERROR: daemon has excluded destination "${asked}"`, {
      code: 'EXCLUDED_DESTINATION',
      exitCode: ExitCode.FILE_SELECT,
    });
  }
  await runReceivingSide(session, {
    destination,
    filters: rules,
    isHidden,
    clipsLinks: job.daemon !== undefined && job.daemon.moduleRoot !== '/',
    moduleRoot: job.daemon?.moduleRoot,
    checkName: () => {}, // a server receives what the client chooses to send
    pipeline: run.pipeline ?? {},
  });
}

async function send(
  session: Session,
  job: ServerJob,
  rules: readonly FilterRule[],
  rawNames: boolean,
): Promise<void> {
  const { daemon, options } = job;
  let filesFrom: string[] | undefined;
  if (options.filesFrom === '-') {
    if (rawNames) session.wire.pauseInputMux();
    filesFrom = await readNames(session);
    if (rawNames) session.wire.resumeInputMux();
  } else if (options.filesFrom !== undefined) {
    filesFrom = splitNames(session, readList(session, options.filesFrom));
  }
  const sender = new Sender(session, {
    sources: job.paths.map((path) => localPath(job, path)),
    filters: rules,
    filesFrom,
    isHidden: hiddenByModule(daemon),
    ignoreNonreadable: daemon?.ignoreNonreadable === true,
  });
  await sender.run();
}

/** How a daemon shows paths: as parts of its module. */
function shownBy({ daemon, options, paths }: ServerJob): ((path: string) => string) | undefined {
  if (daemon === undefined) return undefined;
  // A receiver enters its destination; a sender the directories of its arguments, unless relative.
  const entered = options.sender ? (options.relative ? [] : paths) : [`${paths[0] ?? ''}/`];
  return (path) => showInModule(path, daemon, entered);
}

/** The client's options with what the module imposes, and what `--log-format` asks to report. */
function sessionOptions({ options, daemon }: ServerJob): TransferOptions {
  const { logFormat } = options;
  const asked = logFormat?.includes('I') === true ? 2 : logFormat?.includes('i') === true ? 1 : 0;
  return {
    ...options,
    itemize: Math.max(options.itemize, asked),
    namelessIds: daemon?.numericIds === true,
    // The client's own was applied at its end.
    chmod: daemon?.outgoingChmod ?? '',
    incomingChmod: daemon?.incomingChmod ?? '',
  };
}

/** Paths of a daemon's client are inside the module; with `--relative` they stay the active part. */
function localPath(job: ServerJob, path: string): string {
  const { daemon, options } = job;
  if (daemon === undefined) return path === '' ? '.' : path;
  if (options.sender && options.relative && !path.includes('/./')) {
    return `${daemon.moduleRoot}/./${path}`;
  }
  return path === '' ? daemon.moduleRoot : joinPath(daemon.moduleRoot, path);
}

/** Nothing will happen, and the client learns why (docs/spec/session.md §4.7). */
async function reject(
  session: Session,
  reason: { readonly text: string; readonly exitCode: number },
): Promise<TransferResult> {
  // A message is a line: within one, line ends would be shown as the bytes they are.
  for (const line of reason.text.match(/.*\n/g) ?? []) session.complain(line);
  sayExitCode(session, reason.exitCode);
  if (session.agreement.dialect.errorExit) {
    session.wire.message(MessageTag.ERROR_EXIT, encodeMessageValue(reason.exitCode));
  }
  await session.wire.linger(REJECTION_MS);
  await finishSession(session);
  return { exitCode: reason.exitCode, stats: session.stats };
}
