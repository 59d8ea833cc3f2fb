import { readFileSync } from 'node:fs';
import { findProgram, runProcess, temporaryDirectory } from '@deltawire/testkit';

/** What a process, and the children it waited for, took. */
export interface Usage {
  readonly userMs: number;
  readonly systemMs: number;
  /** Largest resident set of a single process among them. */
  readonly peakBytes: number;
}

/** A command that ended well. */
export interface MeasuredRun extends Usage {
  readonly wallMs: number;
  readonly output: string;
}

/** A benchmark that hangs is stopped after this long. */
const TIMEOUT_MS = 600_000;

/** The arguments that run `command` under GNU time, which leaves its figures in `file`. */
export function underTime(command: readonly string[], file: string): string[] {
  return [findProgram('time', 'time'), '-q', '-o', file, '-f', '%U %S %M', ...command];
}

/** Read the figures that {@link underTime} left. */
export function readUsage(file: string): Usage {
  const [user = 0, system = 0, peak = 0] = readFileSync(file, 'utf8').split(' ').map(Number);
  return { userMs: user * 1000, systemMs: system * 1000, peakBytes: peak * 1024 };
}

/** Keep a command on one processor. */
export function pinned(command: readonly string[], cpu: number | undefined): string[] {
  return cpu === undefined
    ? [...command]
    : [findProgram('taskset', 'util-linux'), '-c', String(cpu), ...command];
}

/** Leaves its figures as {@link underTime} does, in milliseconds, but cannot tell the memory. */
const UNDER_BASH = 'TIMEFORMAT="%3U %3S 0"; { time "$@" 2>&3; } 3>&2 2>"$0"';

export interface MeasureOptions {
  /** Keep the command on this processor. */
  readonly cpu?: number | undefined;
  /** CPU times to the millisecond, instead of ten; without the memory. */
  readonly precise?: boolean;
}

/**
 * Run a command to its end and say what it took.
 *
 * @throws Error with what the command printed, when it fails
 */
export async function measure(
  command: readonly string[],
  options: MeasureOptions = {},
): Promise<MeasuredRun> {
  using directory = temporaryDirectory('bench-');
  const file = directory.join('usage');
  const timed = options.precise
    ? ['bash', '-c', UNDER_BASH, file, ...command]
    : underTime(command, file);
  const argv = pinned(timed, options.cpu);
  const startedAt = performance.now();
  const { code, signal, output, errors } = await runProcess(argv, { timeoutMs: TIMEOUT_MS });
  const wallMs = performance.now() - startedAt;
  if (code !== 0) {
    throw new Error(`${command.join(' ')}\nended with ${code ?? signal}\n${errors}${output}`);
  }
  return { wallMs, ...readUsage(file), output };
}
