import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { isatty } from 'node:tty';
import { stdioConnection } from '@deltawire/client';
import { createDaemon, type Daemon, type ListenOptions } from '@deltawire/daemon';
import type { RsyncOptions } from '@deltawire/options';
import { bytesToText, ExitCode } from '@deltawire/protocol';
import type { Surroundings } from './main.ts';
import { reportFailure } from './report-failure.ts';
import { watchSignals } from './signals.ts';

/** Set in the environment of the process that stays behind; its value is the parent's pid. */
const DETACHED = 'DELTAWIRE_DETACHED_FROM';

/** What the detached process tells its parent once, before it is on its own. */
type Readiness = { readonly ready: true } | { readonly exitCode: number; readonly text: string };

/**
 * `--daemon`: listen until SIGTERM or SIGINT, in the background unless `--no-detach`.
 * `--server --daemon`: one session over standard input and output. Returns the exit code.
 */
export async function runDaemonMode(
  options: RsyncOptions,
  argv: readonly string[],
  around: Surroundings,
): Promise<number> {
  if (options.server) return serveShell(options, around);
  if (options.detach && !around.env[DETACHED]) return detach(argv, around);
  return around.env[DETACHED] ? runDetached(options, around) : listenUntilSignal(options, around);
}

function configFile(options: RsyncOptions): string {
  if (options.config !== undefined) return bytesToText(options.config);
  // Started through a remote shell by somebody else than root, the file is in their home.
  const own = options.server && process.getuid?.() !== 0;
  return own ? 'rsyncd.conf' : '/etc/rsyncd.conf';
}

function openDaemon(options: RsyncOptions, around: Surroundings): Daemon {
  const file = configFile(options);
  if (options.config === undefined && !existsSync(file)) {
    const hint = `Write ${file}, or name another file with --config=FILE.`;
    throw Object.assign(new Error(`Failed to parse config file: ${file}\n${hint}`), {
      name: 'OptionError',
      code: 'CONFIG',
      exitCode: ExitCode.SYNTAX,
    });
  }
  // On a terminal one wants to see what happens; everybody else has a log file.
  const shows = !options.server && !options.detach && isatty(2);
  const onLog = shows ? (line: string) => around.writer.stderr.write(`${line}\n`) : undefined;
  return createDaemon(
    { configFile: file },
    {
      env: around.env,
      dparam: options.dparam,
      onLog,
      isolation: options.server ? 'inline' : undefined,
    },
  );
}

function listenOptions(options: RsyncOptions): ListenOptions {
  const { port, address } = options;
  return {
    port,
    address:
      address === undefined
        ? options.ipFamily === 4
          ? '0.0.0.0'
          : undefined
        : bytesToText(address),
  };
}

async function listenUntilSignal(
  options: RsyncOptions,
  around: Surroundings,
  onReady: () => void = () => {},
): Promise<number> {
  // As with rsync: the configuration is read for each connection anyway.
  using signals = watchSignals(undefined, ['SIGHUP']);
  const { signal } = signals;
  await using daemon = openDaemon(options, around);
  await daemon.listen(listenOptions(options));
  onReady();
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return ExitCode.OK;
}

/** A daemon for one session at the other end of a remote shell (`-e ssh host::module`). */
async function serveShell(options: RsyncOptions, around: Surroundings): Promise<number> {
  await using daemon = openDaemon(options, around);
  await daemon.handle(stdioConnection(), {}, { ownProcess: true, deadlines: false });
  return ExitCode.OK;
}

// ------------------------------------------------------------------------------- detaching

/**
 * Start this program again in a session of its own, and wait until it listens or has failed: what
 * is wrong with the configuration or the port is still told to whoever asked.
 */
function detach(argv: readonly string[], around: Surroundings): Promise<number> {
  const [script = ''] = process.argv.slice(1);
  const child = spawn(process.execPath, [...process.execArgv, script, ...argv.map(bytesToText)], {
    detached: true,
    env: { ...around.env, [DETACHED]: `${process.pid}` },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => resolve(status ?? ExitCode.CRASHED));
    child.once('message', (message) => {
      const readiness = message as Readiness;
      if (!('ready' in readiness)) {
        around.writer.stderr.write(readiness.text);
        resolve(readiness.exitCode);
        return;
      }
      child.removeAllListeners('exit');
      child.disconnect();
      child.unref();
      resolve(ExitCode.OK);
    });
  });
}

async function runDetached(options: RsyncOptions, around: Surroundings): Promise<number> {
  const tell = (readiness: Readiness): void => {
    process.send?.(readiness, () => process.disconnect?.());
  };
  try {
    return await listenUntilSignal(options, around, () => tell({ ready: true }));
  } catch (error) {
    let text = '';
    const collect = { write: (bytes: string) => (text += bytes), flush: async () => {} };
    const writer = { stdout: collect, stderr: collect, flush: async () => {} };
    const exitCode = reportFailure(error, { ...around, writer });
    tell({ exitCode, text });
    return exitCode;
  }
}
