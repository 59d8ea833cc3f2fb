import { splitFilesFrom } from '@deltawire/file-list';
import { FilesFromDecoder, FilesFromEncoder } from '@deltawire/protocol';
import type { Connection } from './connection.ts';
import { sendRules } from './filter-exchange.ts';
import { handshakeAsClient } from './handshake.ts';
import type { ClientJob, RunOptions, TransferResult } from './jobs.ts';
import { finishSession, openWire, reportFailure } from './lifecycle.ts';
import { runReceivingSide } from './receiver/receiving-side.ts';
import { createNameCheck } from './requested-names.ts';
import { Sender } from './sender/sender.ts';
import { Session } from './session.ts';

/**
 * Run the client's side of a transfer over a connection whose server has been started (or whose
 * daemon has answered). Rejects with an `RsyncError` when the transfer breaks off.
 */
export async function runClient(
  connection: Connection,
  job: ClientJob,
  run: RunOptions = {},
): Promise<TransferResult> {
  return runClientSide(connection, job, run, false);
}

/** @internal `local`: both ends are in this process, and rules are not sent. */
export async function runClientSide(
  connection: Connection,
  job: ClientJob,
  run: RunOptions,
  local: boolean,
): Promise<TransferResult> {
  const { options } = job;
  const receives = job.role === 'receiver';
  const { wire, attach, release } = openWire(connection, run.signal);
  let session: Session | undefined;
  try {
    const agreement = await handshakeAsClient(wire, options, job.handshake, receives);
    session = new Session(wire, options, agreement, {
      server: false,
      receives,
      local,
      onEvent: run.onEvent,
    });
    attach(session);
    const { dialect } = agreement;
    if (dialect.multiplexInput) wire.startOutputMux();
    const namesComeRaw = job.filesFrom?.kind === 'peer' && !receives && !dialect.filesFromFramed;
    if (!namesComeRaw) wire.startInputMux('client');
    wire.startCounting();
    session.startTimers();
    if (!local) sendRules(session, job.filters);
    if (receives) {
      sendNames(session, job);
      await runReceivingSide(session, {
        destination: job.destination,
        filters: job.filters,
        daemonFilter: undefined,
        checkName: createNameCheck({
          options,
          arguments: job.requested ?? [],
          listed: listedNames(job),
          loose: job.requested === undefined || job.filesFrom?.kind === 'peer',
          filters: job.filters,
        }),
        pipeline: run.pipeline ?? {},
      });
    } else {
      const filesFrom = await namesToSend(session, job);
      if (namesComeRaw) wire.startInputMux('client');
      const sender = new Sender(session, { sources: job.sources, filters: job.filters, filesFrom });
      await sender.run();
    }
    await finishSession(session);
    const { stats } = session;
    if (!receives || stats.bytesSent === 0) {
      stats.bytesSent = wire.bytesWritten;
      stats.bytesReceived = wire.bytesRead;
    }
    session.emit({ kind: 'stats', stats });
    return { exitCode: session.exitCode, stats };
  } catch (error) {
    throw await reportFailure(error, session, run.signal);
  } finally {
    session?.stopTimers();
    release();
  }
}

function listedNames(job: ClientJob): string[] | undefined {
  if (job.filesFrom?.kind !== 'bytes') return undefined;
  return splitFilesFrom(job.filesFrom.bytes, { from0: job.options.from0 });
}

/** A puller's own list of names goes to the sending server, right after the rules. */
function sendNames(session: Session, job: ClientJob): void {
  if (job.filesFrom?.kind !== 'bytes') return;
  const encoder = new FilesFromEncoder({ from0: job.options.from0 });
  const bytes = [encoder.push(job.filesFrom.bytes), encoder.finish()];
  for (const part of bytes) {
    if (session.agreement.dialect.filesFromFramed) session.wire.sendBytes(part);
    else session.wire.sendRaw(part);
  }
  session.wire.send();
}

/** A pusher's list of names: its own, or one that the receiving server reads for it. */
async function namesToSend(session: Session, job: ClientJob): Promise<string[] | undefined> {
  if (job.filesFrom === undefined) return undefined;
  if (job.filesFrom.kind === 'bytes') return listedNames(job);
  return readNames(session);
}

/** Names that arrive from the peer (docs/spec/session.md §7.5). @internal */
export async function readNames(session: Session): Promise<string[]> {
  const { wire } = session;
  const decoder = new FilesFromDecoder();
  const names: string[] = [];
  while (!decoder.done) {
    // One byte at a time: what follows the list is not ours to take.
    const byte = wire.takeAvailable(1);
    if (byte.length === 0) await wire.fill();
    else names.push(...decoder.push(byte));
  }
  return names;
}

