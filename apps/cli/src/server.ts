import { serveStdio } from '@deltawire/client';
import { OptionError } from '@deltawire/options';
import type { Surroundings } from './main.ts';
import { reportFailure } from './report-failure.ts';
import { watchSignals } from './signals.ts';

/** `--server`: one session over standard input and output, for a peer's remote shell. */
export async function runServerMode(
  argv: readonly string[],
  around: Surroundings,
): Promise<number> {
  using signals = watchSignals();
  try {
    return await serveStdio(argv, { signal: signals.signal });
  } catch (error) {
    const cause = signals.signal.aborted ? signals.signal.reason : error;
    // The peer shows the remote shell's standard error to its user. A server whose arguments are
    // right has its part in the transfer.
    const role = argv.includes('--sender') ? 'sender' : 'Receiver';
    return reportFailure(cause, around, cause instanceof OptionError ? 'server' : role);
  }
}
