import { isatty } from 'node:tty';
import { usage, versionText } from '@deltawire/options';
import type { Surroundings } from './main.ts';
import { hintFor } from './output/hints.ts';
import { describeFailure, type ErrorRole, exitLine, type Failure } from './output/messages.ts';
import { displayCharset, escapeBytes } from './output/names.ts';
import { describeBuild, VERSION } from './version.ts';

/**
 * Print on standard error what ended a run, with rsync's last line. Returns the exit code.
 *
 * @param role who met the failure
 */
export function reportFailure(
  error: unknown,
  around: Surroundings,
  role: ErrorRole = 'client',
): number {
  const failure = describeFailure(error, role);
  printFailure(failure, around, role);
  return failure.exitCode;
}

/** The part of {@link reportFailure} that prints. */
export function printFailure(failure: Failure, around: Surroundings, role: ErrorRole): void {
  const { stderr } = around.writer;
  const charset = displayCharset(around.env, false);
  // A call without arguments shows who is speaking before the usage, as rsync does.
  if (failure.text.startsWith(usage())) stderr.write(`${versionText(describeBuild())}\n`);
  for (const line of failure.text.split('\n').slice(0, -1)) {
    stderr.write(`${escapeBytes(line, charset)}\n`);
  }
  printHint(failure.text, around);
  if (failure.exitCode !== 0) stderr.write(exitLine(failure.exitCode, role, VERSION));
}

/** On a terminal: what to do about an error with this text. */
export function printHint(text: string, { writer }: Surroundings): void {
  const hint = isatty(2) ? hintFor(text) : '';
  if (hint !== '') writer.stderr.write(`${hint}\n`);
}
