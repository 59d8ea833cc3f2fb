/** Both programs in both roles: the pairings that the interop tests run through. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import {
  type CompareTreesOptions,
  compareTrees,
  deltawireCommand,
  findRsync,
  type ProcessResult,
  type RealDaemon,
  type RunProcessOptions,
  remoteShellScript,
  runProcess,
  startDaemon,
  type TemporaryDirectory,
  temporaryDirectory,
} from '@deltawire/testkit';
import { expect } from 'vitest';

/** Who plays a role. */
export type Program = 'deltawire' | 'rsync';

export interface Pairing {
  readonly client: Program;
  readonly server: Program;
}

/** Every pairing with at least one Deltawire in it. */
export const PAIRINGS: readonly Pairing[] = [
  { client: 'deltawire', server: 'rsync' },
  { client: 'rsync', server: 'deltawire' },
  { client: 'deltawire', server: 'deltawire' },
];

export type Direction = 'push' | 'pull';

export const DIRECTIONS: readonly Direction[] = ['push', 'pull'];

/** Every pairing in both directions. */
export const ROUTES: readonly (Pairing & { readonly direction: Direction })[] = PAIRINGS.flatMap(
  (pairing) => DIRECTIONS.map((direction) => ({ ...pairing, direction })),
);

export type Transport = 'shell' | 'daemon' | 'local';

export const isRoot: boolean = process.getuid?.() === 0;

/** One call of a client. */
export interface Call extends RunProcessOptions {
  readonly client: Program;
  readonly server: Program;
  readonly direction: Direction;
  readonly transport: Transport;
  readonly options: readonly string[];
  /** Absolute paths; the remote one must lie below the peers' directory for a daemon. */
  readonly source: string;
  readonly destination: string;
}

/** The two programs, a remote shell, and a daemon of each. */
export class Peers implements AsyncDisposable {
  readonly #directory: TemporaryDirectory;
  readonly #daemons: Map<Program, Promise<RealDaemon>> = new Map();
  /** Paths of programs; Deltawire's is a script that starts the build. */
  readonly programs: Readonly<Record<Program, string>>;
  /** To be used as `-e PATH`. */
  readonly shell: string;

  constructor() {
    // A missing rsync is an error here, before any test can pass without it.
    const rsync = findRsync();
    this.#directory = temporaryDirectory('interop-');
    this.programs = { rsync, deltawire: deltawireScript(this.#directory.path) };
    this.shell = remoteShellScript(this.#directory.path);
  }

  /** Path below the peers' directory, which the daemons serve as the module `all`. */
  path(...names: string[]): string {
    return this.#directory.join(...names);
  }

  /** Remove what a test has left below {@link path}. */
  remove(...names: string[]): void {
    rmSync(this.path(...names), { recursive: true, force: true });
  }

  /** The daemon of a program, started when first asked for. */
  daemon(program: Program): Promise<RealDaemon> {
    let daemon = this.#daemons.get(program);
    if (daemon === undefined) {
      // Without a chroot links are munged unless told otherwise.
      const module = { path: this.#directory.path, 'read only': 'no', 'munge symlinks': 'no' };
      const modules = { all: module };
      daemon = startDaemon([this.programs[program]], modules);
      this.#daemons.set(program, daemon);
    }
    return daemon;
  }

  /** The client's command line. */
  async command(call: Omit<Call, 'timeoutMs' | 'env' | 'cwd' | 'input'>): Promise<string[]> {
    const { client, server, direction, transport, options, source, destination } = call;
    const command = [this.programs[client], ...options];
    if (transport === 'local') return [...command, source, destination];
    let remote = (path: string): string => `host:${path}`;
    if (transport === 'daemon') {
      const { url } = await this.daemon(server);
      remote = (path) => `${url}all/${path.slice(this.#directory.path.length + 1)}`;
    } else {
      command.push('-e', this.shell, `--rsync-path=${this.programs[server]}`);
    }
    return direction === 'push'
      ? [...command, source, remote(destination)]
      : [...command, remote(source), destination];
  }

  async run(call: Call): Promise<ProcessResult> {
    const { timeoutMs = 60_000, env, cwd, input, ...rest } = call;
    return runProcess(await this.command(rest), {
      timeoutMs,
      ...(env === undefined ? {} : { env }),
      ...(cwd === undefined ? {} : { cwd }),
      ...(input === undefined ? {} : { input }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const daemon of this.#daemons.values()) await (await daemon).stop();
    this.#directory.remove();
  }
}

/** A program named `deltawire` that starts ours, as an installation would have it. */
export function deltawireScript(directory: string): string {
  const path = `${directory}/deltawire`;
  if (existsSync(path)) return path;
  const words = deltawireCommand().map((word) => `'${word}'`);
  writeFileSync(path, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 });
  return path;
}

/** A run that went well and, if given, printed exactly `output`. */
export function expectSuccess(result: ProcessResult, output?: string): void {
  const { code, signal, errors } = result;
  expect({ code, signal, errors }).toEqual({ code: 0, signal: null, errors: '' });
  if (output !== undefined) expect(result.output).toBe(output);
}

export function expectEqualTrees(a: string, b: string, options?: CompareTreesOptions): void {
  expect(compareTrees(a, b, options).slice(0, 20)).toEqual([]);
}

/** Runs at most `limit` tasks at a time. */
function createLimit(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

/** Two transfers at a time: each is two processes. */
export const limited: ReturnType<typeof createLimit> = createLimit(2);

/** All that are spoken here. */
export const PROTOCOLS: readonly number[] = [27, 28, 29, 30, 31, 32];
