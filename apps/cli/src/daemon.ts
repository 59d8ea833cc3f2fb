import { spawn } from 'node:child_process';
import { existsSync, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import { isatty } from 'node:tty';
import { pipelineOf, stdioConnection } from '@deltawire/client';
import { createDaemon, type Daemon, type ListenOptions } from '@deltawire/daemon';
import type { RsyncOptions } from '@deltawire/options';
import { bytesToText, ExitCode } from '@deltawire/protocol';
import { connectStreams } from '@deltawire/transfer';
import type { Surroundings } from './main.ts';
import { reportFailure } from './report-failure.ts';
import { watchSignals } from './signals.ts';

/** Set in the environment of the process that stays behind; its value is the parent's pid. */
const DETACHED = 'DELTAWIRE_DETACHED_FROM';

/** What the detached process tells its parent once, before it is on its own. */
type Readiness = { readonly ready: true } | { readonly exitCode: number; readonly text: string };

/**
 * `--daemon`: listen until SIGTERM or SIGINT, in the background unless `--no-detach`.
 * With a socket as standard input, from inetd or systemd, it is that connection which is served.
 * `--server --daemon`: one session over standard input and output. Returns the exit code.
 */
export async function runDaemonMode(
  options: RsyncOptions,
  argv: readonly string[],
  around: Surroundings,
): Promise<number> {
  if (options.server) return serveShell(options, around);
  const inherited = around.env[DETACHED] ? undefined : inheritedConnection();
  if (inherited) return serveInherited(inherited, options, around);
  if (options.detach && !around.env[DETACHED]) return detach(argv, around);
  return around.env[DETACHED] ? runDetached(options, around) : listenUntilSignal(options, around);
}

function configFile(options: RsyncOptions): string {
  if (options.config !== undefined) return bytesToText(options.config);
  // Started through a remote shell by somebody else than root, the file is in their home.
  const own = options.server && process.getuid?.() !== 0;
  return own ? 'rsyncd.conf' : '/etc/rsyncd.conf';
}

function openDaemon(options: RsyncOptions, around: Surroundings, single: boolean): Daemon {
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
  const shows = !single && !options.detach && isatty(2);
  const onLog = shows ? (line: string) => around.writer.stderr.write(`${line}\n`) : undefined;
  return createDaemon(
    { configFile: file },
    {
      env: around.env,
      dparam: options.dparam,
      pipeline: pipelineOf(options, undefined),
      onLog,
      isolation: single ? 'inline' : undefined,
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
  await using daemon = openDaemon(options, around, false);
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
  await using daemon = openDaemon(options, around, true);
  await daemon.handle(stdioConnection(), {}, { ownProcess: true, deadlines: false });
  return ExitCode.OK;
}

/** The TCP connection that inetd or systemd started this process for, as its standard input. */
function inheritedConnection(): Socket | undefined {
  if (!fstatSync(0).isSocket()) return undefined;
  const socket = new Socket({ fd: 0, allowHalfOpen: true });
  // What Node's own child processes get for a pipe has no address.
  return socket.remoteAddress === undefined ? undefined : socket;
}

/** The process ends with the connection. */
async function serveInherited(
  socket: Socket,
  options: RsyncOptions,
  around: Surroundings,
): Promise<number> {
  await using daemon = openDaemon(options, around, true);
  const { remoteAddress: address = '', remotePort: port = 0 } = socket;
  const connection = connectStreams(socket, socket, { kind: 'socket' });
  await daemon.handle(connection, { address, port }, { ownProcess: true });
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
    const writer = {
      stdout: collect,
      stderr: collect,
      bufferOutput: () => {},
      flush: async () => {},
    };
    const exitCode = reportFailure(error, { ...around, writer });
    tell({ exitCode, text });
    return exitCode;
  }
}
