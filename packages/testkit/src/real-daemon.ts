import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { findRsync } from './find-rsync.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** Modules by name, each with its parameters (`path`, `read only`, …). */
export type DaemonModules = Readonly<
  Record<string, Readonly<Record<string, string | number | boolean>>>
>;

export interface RealDaemon extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  /** `rsync://127.0.0.1:PORT/`, to be followed by a module name. */
  readonly url: string;
  /** What the daemon has logged so far. */
  log(): string;
  stop(): Promise<void>;
}

/**
 * Start `rsync --daemon` on a free port of the loopback interface. Modules run as the current user
 * and without chroot unless they say otherwise.
 *
 * @param modules Modules, or the whole text of a configuration but for the port.
 * @param globals Parameters in front of the modules.
 */
export async function realDaemon(
  modules: DaemonModules | string,
  globals: Readonly<Record<string, string | number | boolean>> = {},
): Promise<RealDaemon> {
  return startDaemon([findRsync()], modules, globals);
}

/** The same with another program, e.g. `deltawireCommand()`. */
export async function startDaemon(
  command: readonly string[],
  modules: DaemonModules | string,
  globals: Readonly<Record<string, string | number | boolean>> = {},
): Promise<RealDaemon> {
  const [program = '', ...programArguments] = command;
  const directory = temporaryDirectory('rsyncd-');
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const config = directory.join('rsyncd.conf');
    const log = directory.join('log');
    writeFileSync(config, formatConfig(modules, { ...defaults(port, log), ...globals }));
    const args = [...programArguments, '--daemon', '--no-detach', `--config=${config}`];
    const child = spawn(program, args, { stdio: 'ignore' });
    const gone = new Promise<void>((resolve) => {
      child.on('error', () => resolve());
      child.on('exit', () => resolve());
    });
    const stop = async (): Promise<void> => {
      child.kill('SIGTERM');
      await gone;
      directory.remove();
    };
    if (await answers(port, gone)) {
      return {
        port,
        pid: child.pid ?? 0,
        url: `rsync://127.0.0.1:${port}/`,
        log: () => readLog(log),
        stop,
        [Symbol.asyncDispose]: stop,
      };
    }
    child.kill('SIGTERM');
    // Somebody may have taken the port in between; a bad configuration fails each time.
    if (attempt === 3) {
      const reason = readLog(log);
      directory.remove();
      throw new Error(`${program} --daemon did not start\n${reason}`);
    }
  }
}

function defaults(port: number, log: string): Record<string, string | number | boolean> {
  return {
    port,
    address: '127.0.0.1',
    'log file': log,
    'use chroot': 'no',
    'reverse lookup': 'no',
    ...(process.getuid?.() === 0 ? { uid: 'root', gid: 'root' } : {}),
  };
}

function formatConfig(
  modules: DaemonModules | string,
  globals: Readonly<Record<string, string | number | boolean>>,
): string {
  const lines = (parameters: typeof globals): string =>
    Object.entries(parameters)
      .map(([name, value]) => `${name} = ${value}\n`)
      .join('');
  if (typeof modules === 'string') return lines(globals) + modules;
  const parts = Object.entries(modules).map(
    ([name, parameters]) => `[${name}]\n${lines(parameters)}`,
  );
  return lines(globals) + parts.join('');
}

function readLog(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // nothing was logged
  }
}

/** A port of the loopback interface that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Wait until the port accepts connections; false when the process ends first or takes too long. */
export async function answers(port: number, gone: Promise<void>): Promise<boolean> {
  let running = true;
  void gone.then(() => {
    running = false;
  });
  for (const end = Date.now() + 10_000; running && Date.now() < end; ) {
    const connected = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (connected) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
