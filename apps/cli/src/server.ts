import { serveStdio } from '@deltawire/client';
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
    // The peer shows the remote shell's standard error to its user.
    return reportFailure(cause, around, 'server');
  }
}
