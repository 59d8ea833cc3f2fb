import { beginBatch } from './batch/write-batch.ts';
import type { Connection } from './connection.ts';
import { readNames, sendNames, splitNames } from './files-from.ts';
import { checkRules, sendRules } from './filter-exchange.ts';
import { handshakeAsClient } from './handshake.ts';
import { watchIdle } from './idle-watch.ts';
import type { ClientJob, RunOptions, TransferResult } from './jobs.ts';
import { finishSession, openWire, reportFailure } from './lifecycle.ts';
import type { LocalLink } from './local-link.ts';
import { withPartialDirRule } from './partial-dir-rule.ts';
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
  return runClientSide(connection, job, run, undefined);
}

/** @internal `local`: both ends are in this process, and rules are not sent. */
export async function runClientSide(
  connection: Connection,
  job: ClientJob,
  run: RunOptions,
  local: LocalLink | undefined,
): Promise<TransferResult> {
  const { options } = job;
  const receives = job.role === 'receiver';
  const { wire, attach, release } = openWire(connection, run.signal);
  let session: Session | undefined;
  try {
    const stopWatch = watchIdle(wire, {
      seconds: options.timeout,
      role: () => (receives ? 'Receiver' : 'sender'),
      keepsAlive: () => false,
    });
    const agreement = await handshakeAsClient(wire, options, job.handshake, receives).finally(
      stopWatch,
    );
    session = new Session(wire, options, agreement, {
      server: false,
      receives,
      local,
      batch: job.batch,
      charset: job.charset,
      nearby: job.handshake.kind === 'daemon' && job.handshake.nearby === true,
      onEvent: run.onEvent,
    });
    attach(session);
    const { dialect } = agreement;
    const filters =
      local?.rules ?? withPartialDirRule(job.filters, options, dialect.protocol, receives);
    if (dialect.multiplexInput || (receives && options.removeSourceFiles)) wire.startOutputMux();
    if (job.batch !== undefined) beginBatch(session, job.batch);
    const namesComeRaw = job.filesFrom?.kind === 'peer' && !receives && !dialect.filesFromFramed;
    if (!namesComeRaw) wire.startInputMux('client');
    wire.startCounting();
    session.startTimers();
    if (local !== undefined) checkRules(session, job.filters);
    else sendRules(session, filters);
    if (job.batch !== undefined && !receives) wire.recordOutput((bytes) => job.batch?.write(bytes));
    if (receives) {
      // A puller's own list of names goes to the sending server, right after the rules.
      if (job.filesFrom?.kind === 'bytes') sendNames(session, job.filesFrom.bytes);
      await runReceivingSide(session, {
        destination: job.destination,
        filters,
        isHidden: undefined,
        clipsLinks: false,
        moduleRoot: undefined,
        checkName: createNameCheck({
          options,
          arguments: job.requested ?? [],
          listed: listedNames(session, job),
          loose: job.requested === undefined || job.filesFrom?.kind === 'peer',
          filters,
        }),
        pipeline: run.pipeline ?? {},
      });
    } else {
      const filesFrom = await namesToSend(session, job);
      if (namesComeRaw) wire.startInputMux('client');
      const sender = new Sender(session, { sources: job.sources, filters, filesFrom });
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
    session?.release();
    release();
  }
}

function listedNames(session: Session, job: ClientJob): string[] | undefined {
  return job.filesFrom?.kind === 'bytes' ? splitNames(session, job.filesFrom.bytes) : undefined;
}

/** A pusher's list of names: its own, or one that the receiving server reads for it. */
async function namesToSend(session: Session, job: ClientJob): Promise<string[] | undefined> {
  return job.filesFrom?.kind === 'peer' ? readNames(session) : listedNames(session, job);
}
