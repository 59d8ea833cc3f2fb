import { splitFilesFrom } from '@deltawire/file-list';
import { joinPath } from '@deltawire/filesystem';
import { type FilterRule, parseDirectives } from '@deltawire/filters';
import { ExitCode, FilesFromEncoder, MessageTag, RsyncError } from '@deltawire/protocol';
import type { Connection } from './connection.ts';
import { receiveRules } from './filter-exchange.ts';
import { handshakeAsServer } from './handshake.ts';
import type { RunOptions, ServerJob, TransferResult } from './jobs.ts';
import { exitCodeOf, finishSession, openWire, reportFailure } from './lifecycle.ts';
import type { TransferOptions } from './options.ts';
import { runReceivingSide } from './receiver/receiving-side.ts';
import { readNames } from './run-client.ts';
import { Sender } from './sender/sender.ts';
import { Session } from './session.ts';
import { readSmallFile } from './source-files.ts';
import { createStats } from './stats.ts';

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

/** @internal `localRules`: both ends are in this process, and the client's rules are these. */
export async function runServerSide(
  connection: Connection,
  job: ServerJob,
  run: RunOptions,
  localRules: readonly FilterRule[] | undefined,
): Promise<TransferResult> {
  const { options } = job;
  const receives = !options.sender;
  const { wire, attach, release } = openWire(connection, run.signal);
  let session: Session | undefined;
  try {
    const info = options.clientInfo ?? '';
    const agreement = await handshakeAsServer(wire, options, job.handshake, info, receives);
    session = new Session(wire, withModule(options, job), agreement, {
      server: true,
      receives,
      local: localRules !== undefined,
      onEvent: run.onEvent,
    });
    attach(session);
    const { dialect } = agreement;
    wire.startOutputMux();
    wire.startCounting();
    if (job.reject !== undefined) return await reject(session, job.reject);
    if (job.daemon !== undefined && dialect.ioTimeout && session.timeout > 0) {
      const payload = new Uint8Array(4);
      new DataView(payload.buffer).setInt32(0, session.timeout, true);
      wire.message(MessageTag.IO_TIMEOUT, payload);
    }
    const rawNames = options.filesFrom === '-' && options.sender && !dialect.filesFromFramed;
    if (dialect.multiplexInput) wire.startInputMux('server', rawNames);
    session.startTimers();
    const rules = localRules ?? [...(await receiveRules(session)), ...ownRules(session)];
    if (receives) await receive(session, job, rules, run);
    else await send(session, job, rules, rawNames);
    await finishSession(session);
    session.stats.bytesSent = wire.bytesWritten;
    session.stats.bytesReceived = wire.bytesRead;
    return { exitCode: session.exitCode, stats: session.stats };
  } catch (error) {
    const failure = await reportFailure(error, session, run.signal);
    if (session === undefined || run.signal?.aborted === true) throw failure;
    return { exitCode: exitCodeOf(failure), stats: session.stats };
  } finally {
    session?.stopTimers();
    release();
  }
}

async function receive(
  session: Session,
  job: ServerJob,
  rules: readonly FilterRule[],
  run: RunOptions,
): Promise<void> {
  const { filesFrom } = job.options;
  if (filesFrom !== undefined && filesFrom !== '-') forwardNames(session, filesFrom);
  await runReceivingSide(session, {
    destination: localPath(job, job.paths[0] ?? '.'),
    filters: rules,
    daemonFilter: job.daemon?.filter,
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
    filesFrom = splitFilesFrom(readList(options.filesFrom), { from0: options.from0 });
  }
  const sender = new Sender(session, {
    sources: job.paths.map((path) => localPath(job, path)),
    filters: rules,
    filesFrom,
    ...(daemon === undefined
      ? {}
      : {
          hides: (name, isDirectory) => daemon.filter.excluded(name, isDirectory),
          fullName: (path) => moduleName(path, daemon.moduleRoot, daemon.moduleName),
        }),
  });
  await sender.run();
}

/** A sending server adds the CVS rules itself (docs/spec/session.md §7.4). */
function ownRules(session: Session): FilterRule[] {
  const { options, receives, agreement } = session;
  if (receives || !options.cvsExclude) return [];
  return parseDirectives([{ kind: 'cvs' }], {
    readFile: readSmallFile,
    protocol: agreement.dialect.protocol,
    deleteExcluded: options.deleteExcluded,
  });
}

function withModule(options: ServerJob['options'], job: ServerJob): TransferOptions {
  return job.daemon?.numericIds === true ? { ...options, numericIds: true } : options;
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

function moduleName(path: string, root: string, name: string): string {
  const inside = path.startsWith(root) ? path.slice(root.length).replace(/^\/+/, '') : path;
  return `/${inside}" (in ${name})`;
}

function forwardNames(session: Session, path: string): void {
  const encoder = new FilesFromEncoder({ from0: session.options.from0 });
  for (const part of [encoder.push(readList(path)), encoder.finish()]) {
    if (session.agreement.dialect.filesFromFramed) session.wire.sendBytes(part);
    else session.wire.sendRaw(part);
  }
  session.wire.send();
}

function readList(path: string): Uint8Array {
  const bytes = readSmallFile(path);
  if (bytes !== undefined) return bytes;
  throw new RsyncError(`failed to open files-from file ${path}: No such file or directory`, {
    code: 'FILES_FROM',
    exitCode: ExitCode.SYNTAX,
  });
}

/** Nothing will happen, and the client learns why (docs/spec/session.md §4.7). */
async function reject(
  session: Session,
  reason: { readonly text: string; readonly exitCode: number },
): Promise<TransferResult> {
  const { dialect } = session.agreement;
  session.complain(reason.text);
  if (dialect.errorExit) {
    const payload = new Uint8Array(4);
    new DataView(payload.buffer).setInt32(0, reason.exitCode, true);
    session.wire.message(MessageTag.ERROR_EXIT, payload);
  }
  await finishSession(session);
  return { exitCode: reason.exitCode, stats: createStats() };
}
