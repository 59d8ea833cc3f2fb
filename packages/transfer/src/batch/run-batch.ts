import {
  BatchFlag,
  type BatchHeader,
  CompatFlag,
  createDialect,
  ExitCode,
  RsyncError,
  readBatchHeader,
} from '@deltawire/protocol';
import type { Connection } from '../connection.ts';
import { recordedAgreement } from '../handshake.ts';
import type { BatchJob, RunOptions, TransferResult } from '../jobs.ts';
import { finishSession, openWire, reportFailure } from '../lifecycle.ts';
import { allowsIncrementalRecursion } from '../options.ts';
import { runReceivingSide } from '../receiver/receiving-side.ts';
import { Session } from '../session.ts';
import { matchBatch } from './batch-flags.ts';

/**
 * Apply a batch (docs/spec/data.md §11): a receiving side whose sender is a record. What it asks for
 * goes nowhere. Rejects with an `RsyncError` when the batch is no batch, or ends too early.
 */
export async function runBatch(
  input: AsyncIterable<Uint8Array>,
  job: BatchJob,
  run: RunOptions = {},
): Promise<TransferResult> {
  const { wire, attach, release } = openWire(connectionOf(input), run.signal);
  let session: Session | undefined;
  try {
    const header = await wire.read((r) => readBatchHeader(r, job.options.protocol));
    const { options, changes } = matchBatch(job.options, header.flags);
    const dialect = createDialect(header.protocol, header.compatFlags);
    const agreement = await recordedAgreement(dialect, options, header.seed);
    session = new Session(wire, options, agreement, {
      server: false,
      receives: true,
      local: undefined,
      replays: true,
      charset: job.charset,
      onEvent: run.onEvent,
    });
    attach(session);
    if (session.info('misc') > 0) for (const change of changes) session.say(change);
    const incremental = (header.compatFlags & CompatFlag.INC_RECURSE) !== 0;
    if (incremental && !allowsIncrementalRecursion(job.options, true)) {
      throw new RsyncError('Incompatible options specified for inc-recursive batch file.', {
        code: 'BATCH_MISMATCH',
        exitCode: ExitCode.SYNTAX,
      });
    }
    checkCharset(header, job);
    wire.startCounting();
    await runReceivingSide(session, {
      destination: job.destination,
      filters: job.filters,
      isHidden: undefined,
      clipsLinks: false,
      moduleRoot: undefined,
      checkName: () => {}, // it is the user's own
      pipeline: run.pipeline ?? {},
    });
    await finishSession(session);
    const { stats } = session;
    session.emit({ kind: 'stats', stats });
    return { exitCode: session.exitCode, stats };
  } catch (error) {
    throw await reportFailure(error, session, run.signal);
  } finally {
    session?.release();
    release();
  }
}

/** Names in a batch are either converted or not. */
function checkCharset({ flags, protocol }: BatchHeader, { charset }: BatchJob): void {
  if (protocol < 30) return;
  const converted = (flags & BatchFlag.ICONV) !== 0;
  if (converted === (charset !== undefined)) return;
  const what = converted ? 'Please specify' : 'Do not specify';
  throw new RsyncError(`${what} the --iconv option to use this batch file.`, {
    code: 'BATCH_MISMATCH',
    exitCode: ExitCode.SYNTAX,
  });
}

/** A peer that talks and does not listen. */
const connectionOf = (input: AsyncIterable<Uint8Array>): Connection => ({
  input,
  write: async () => {},
  end: async () => {},
  close: async () => {},
});
