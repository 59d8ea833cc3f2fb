import { readServerRequest, type ServerRequest, serveRequest } from '@deltawire/client';
import { OptionError } from '@deltawire/options';
import type { Surroundings } from './main.ts';
import type { LogFile } from './output/log-file.ts';
import { describeFailure, exitLine } from './output/messages.ts';
import { printFailure } from './report-failure.ts';
import { watchSignals } from './signals.ts';
import { VERSION } from './version.ts';

/** `--server`: one session over standard input and output, for a peer's remote shell. */
export async function runServerMode(
  argv: readonly string[],
  around: Surroundings,
): Promise<number> {
  using signals = watchSignals();
  let log: LogFile | undefined;
  try {
    const request = await readServerRequest(argv);
    log = await openLog(request, around);
    const onEvent = log?.onEvent.bind(log);
    const result = await serveRequest(request, {
      signal: signals.signal,
      ownsProcess: true,
      ...(onEvent === undefined ? {} : { onEvent }),
    });
    log?.finish(result);
    return result.exitCode;
  } catch (error) {
    const cause = signals.signal.aborted ? signals.signal.reason : error;
    // A server whose arguments are right has its part in the transfer.
    const part = argv.includes('--sender') ? 'sender' : 'Receiver';
    const role = cause instanceof OptionError ? 'server' : part;
    const failure = describeFailure(cause, role);
    log?.write(failure.text + exitLine(failure.exitCode, role, VERSION));
    // The peer shows the remote shell's standard error to its user.
    printFailure(failure, around, role);
    return failure.exitCode;
  } finally {
    log?.[Symbol.dispose]();
  }
}

/** Only few servers keep a log, and loading what writes it takes time. */
async function openLog(
  { options }: ServerRequest,
  { writer, env }: Surroundings,
): Promise<LogFile | undefined> {
  if (options.logFile === undefined) return undefined;
  const { LogFile } = await import('./output/log-file.ts');
  const { stdout, stderr } = writer;
  return LogFile.open({ options, sends: options.sender, local: false, stdout, stderr, env });
}
