import { constants } from 'node:os';
import { ExitCode, RsyncError } from '@deltawire/protocol';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];

/** How long a run may take to clean up after a signal. */
const GRACE_MS = 10_000;

/** The signal handlers of one run. */
export interface SignalWatch extends Disposable {
  /** Aborted by the first signal, with an `RsyncError` of exit code 20 as the reason. */
  readonly signal: AbortSignal;
}

/**
 * Turn SIGINT, SIGTERM and SIGHUP into an abort signal: the run removes its temporary files and
 * ends with exit code 20. A second SIGINT, or a run that does not end, ends the process at once.
 *
 * @param onForced called before the process is ended by force; must be synchronous
 * @param ignored signals that do nothing
 */
export function watchSignals(
  onForced: () => void = () => {},
  ignored: readonly Signal[] = [],
): SignalWatch {
  const controller = new AbortController();
  const force = (): never => {
    onForced();
    process.exit(ExitCode.SIGNAL);
  };
  const onSignal = (name: Signal): void => {
    if (ignored.includes(name)) return;
    if (controller.signal.aborted) {
      if (name === 'SIGINT') force();
      return;
    }
    setTimeout(force, GRACE_MS).unref();
    controller.abort(
      new RsyncError('', { code: name, exitCode: ExitCode.SIGNAL, cause: constants.signals[name] }),
    );
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
