import { platformSupport } from '@deltawire/filesystem';
import { parseCommandLine, type RsyncOptions } from '@deltawire/options';
import { commandLine } from './command-line.ts';
import { ConsoleWriter, type Output } from './output/writer.ts';

/** Everything a mode needs of its surroundings. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly writer: Output;
}

/** Run the program with this process's arguments, and end the process. */
export async function run(): Promise<void> {
  const writer = new ConsoleWriter();
  // What a run waits for need not keep the event loop alive (a child process that was unref'd):
  // the process ends when the run says so.
  const alive = setInterval(() => {}, 2 ** 30);
  const code = await main(commandLine(), { env: process.env, writer });
  await writer.flush();
  clearInterval(alive);
  // Idle worker threads and an inherited stdin must not keep the process.
  process.exit(code);
}

/**
 * The whole command: choose the mode, load only its code, run it. Returns the exit code; never
 * throws.
 *
 * @param argv byte strings, without interpreter and script
 */
export async function main(argv: readonly string[], around: Surroundings): Promise<number> {
  try {
    // The word alone; a directory of that name is listed with `deltawire ./demo`.
    if (argv.length === 1 && argv[0] === 'demo') {
      const { runDemo } = await import('./demo.ts');
      return await runDemo(around);
    }
    const { options } = parseCommandLine(argv, around.env, { platform: platformSupport });
    return await runMode(options, argv, around);
  } catch (error) {
    const { reportFailure } = await import('./report-failure.ts');
    return reportFailure(error, around, speakerOf(error, argv));
  }
}

/** Who meets a mistake in the arguments; where there is nothing to copy rsync has become a receiver. */
function speakerOf(error: unknown, argv: readonly string[]): 'server' | 'client' | 'Receiver' {
  if (argv[0] === '--server') return 'server';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'NO_SOURCE' ? 'Receiver' : 'client';
}

/** Each mode is a module of its own, so that `--version` does not load a transfer. */
async function runMode(
  options: RsyncOptions,
  argv: readonly string[],
  around: Surroundings,
): Promise<number> {
  if (options.show !== undefined) {
    const { showText } = await import('./show.ts');
    around.writer.stdout.write(showText(options.show));
    return 0;
  }
  if (options.daemon) {
    const { runDaemonMode } = await import('./daemon.ts');
    return runDaemonMode(options, argv, around);
  }
  if (options.server) {
    const { runServerMode } = await import('./server.ts');
    return runServerMode(argv, around);
  }
  const { runClientMode } = await import('./client.ts');
  return runClientMode(options, around);
}
