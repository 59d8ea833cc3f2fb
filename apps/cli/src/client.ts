import { isatty } from 'node:tty';
import { promptPassword, runSync } from '@deltawire/client';
import { parseHostSpec, type RsyncOptions } from '@deltawire/options';
import type { Surroundings } from './main.ts';
import { knownDetails } from './output/itemize.ts';
import { JsonPrinter } from './output/json.ts';
import { LogFile } from './output/log-file.ts';
import { describeFailure, type ErrorRole, exitLine } from './output/messages.ts';
import { createPrinter, type Printer, type PrinterSetup } from './output/printer.ts';
import { ProgressBar } from './output/progress-bar.ts';
import { printFailure, printHint } from './report-failure.ts';
import { watchSignals } from './signals.ts';
import { VERSION } from './version.ts';

/** Which way the data goes, as far as the lines depend on it. */
interface Direction {
  readonly sends: boolean;
  readonly local: boolean;
}

/** Run a transfer, or list a daemon's modules, and print what happens. Returns the exit code. */
export async function runClientMode(options: RsyncOptions, around: Surroundings): Promise<number> {
  if (options.outputBuffer !== undefined) around.writer.bufferOutput(options.outputBuffer);
  const direction = directionOf(options);
  const printer = choosePrinter(options, direction, around);
  using log = LogFile.open(printerSetup(options, direction, around));
  let role: ErrorRole = direction.sends ? 'sender' : 'Receiver';
  let firstError = '';
  using signals = watchSignals();
  try {
    const result = await runSync(options, {
      env: around.env,
      signal: signals.signal,
      ownsProcess: true,
      onEvent(event) {
        printer.onEvent(event);
        log?.onEvent(event);
        if (event.kind === 'message' && event.level === 'error') firstError ||= event.text;
        // A receiver with nothing to do ends before it is divided in two.
        if (event.kind === 'list' && !direction.sends && event.files > 0) role = 'generator';
      },
      password: async () => {
        // With RSYNC_PASSWORD set nobody has to be asked.
        if (around.env.RSYNC_PASSWORD) return undefined;
        await around.writer.flush();
        return promptPassword();
      },
    });
    printer.finish(result);
    log?.finish(result);
    if (result.exitCode !== 0) {
      printHint(firstError, around);
      const line = exitLine(result.exitCode, role, VERSION);
      around.writer.stderr.write(line);
      log?.write(line);
    }
    return result.exitCode;
  } catch (error) {
    // A signal is the reason for whatever it broke.
    const cause = signals.signal.aborted ? signals.signal.reason : error;
    const speaker = BEFORE_CONNECTING.has(codeOf(cause))
      ? 'client'
      : direction.sends && codeOf(cause) !== BATCH
        ? 'sender'
        : 'Receiver';
    const failure = describeFailure(cause, speaker);
    printer.abandon();
    log?.abandon();
    log?.write(failure.text + exitLine(failure.exitCode, speaker, VERSION));
    // A peer that ends the run has printed why, maybe where we do not see it.
    if (failure.code === REMOTE_EXIT) printHint(firstError, around);
    else printFailure(failure, around, speaker);
    if (printer instanceof JsonPrinter) printer.fail(failure);
    return failure.exitCode;
  }
}

/** A batch is opened by what rsync still calls a receiver. */
const BATCH = 'BATCH';

/** Codes of files with rules or names that are wrong or missing. */
const BEFORE_CONNECTING: ReadonlySet<unknown> = new Set(['SYNTAX', 'FILE', 'FILES_FROM']);

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

/** The peer ended the run; what it had to say has been said. */
const REMOTE_EXIT = 'REMOTE_EXIT';

function directionOf({ args, readBatch }: RsyncOptions): Direction {
  if (readBatch !== undefined) return { sends: false, local: false };
  const isLocal = (arg: string): boolean => parseHostSpec(arg).kind === 'local';
  const sends = isLocal(args[0]!);
  return { sends, local: sends && (args.length < 2 || isLocal(args.at(-1)!)) };
}

function choosePrinter(options: RsyncOptions, direction: Direction, around: Surroundings): Printer {
  const { stdout, stderr } = around.writer;
  if (options.json) {
    return new JsonPrinter(stdout, {
      remotePush: direction.sends && !direction.local,
      times: options.times,
      ...knownDetails(options.protocol, direction.sends),
    });
  }
  const setup = printerSetup(options, direction, around);
  return createPrinter(
    showsBar(options, around) ? { ...setup, bar: new ProgressBar(stderr) } : setup,
  );
}

function printerSetup(
  options: RsyncOptions,
  direction: Direction,
  { writer, env }: Surroundings,
): PrinterSetup {
  return { options, ...direction, stdout: writer.stdout, stderr: writer.stderr, env };
}

/** A bar is for a person who would otherwise see nothing move. `DELTAWIRE_BAR=0` turns it off. */
function showsBar(options: RsyncOptions, { env }: Surroundings): boolean {
  if (options.quiet || options.listOnly || (options.infoLevels.progress ?? 0) > 0) return false;
  return isatty(2) && env.TERM !== 'dumb' && env.DELTAWIRE_BAR !== '0';
}
