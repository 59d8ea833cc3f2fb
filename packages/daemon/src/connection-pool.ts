import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { FromConnection, ToConnection } from './connection-messages.ts';
import type { ReleaseSlot } from './serve-context.ts';

/** Milliseconds of quiet after a connection before the next spare is started. */
const SPARE_DELAY = 500;
/** Milliseconds between asking a process to end and forcing it. */
const KILL_DELAY = 3000;

/** What the pool needs of its daemon. */
export interface ConnectionPoolOptions {
  claimSlot(lockFile: string, max: number): Promise<ReleaseSlot | undefined>;
  onLog(line: string): void;
}

type ServeMessage = Extract<ToConnection, { kind: 'serve' }>;

/**
 * One process per connection, and one more that has already started, so that a connection does
 * not wait for Node to come up.
 */
export class ConnectionPool {
  readonly #options: ConnectionPoolOptions;
  readonly #running: Set<ChildProcess> = new Set();
  #spare: ChildProcess | undefined;
  #refill: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: ConnectionPoolOptions) {
    this.#options = options;
  }

  /** Connections being served. */
  get size(): number {
    return this.#running.size;
  }

  /** Start the spare process. */
  warm(): void {
    if (this.#closed || this.#spare) return;
    const spare = this.#start();
    this.#spare = spare;
    spare.once('exit', () => {
      if (this.#spare === spare) this.#spare = undefined;
    });
  }

  /** Hand a paused socket to a process of its own; resolves when that has ended. */
  async serve(message: ServeMessage, socket: Socket): Promise<void> {
    const spare = this.#spare;
    this.#spare = undefined;
    const child = spare?.connected ? spare : this.#start();
    this.#running.add(child);
    // After `close` no message of it is left; `exit` alone could come before the last ones.
    const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
    this.#attend(child);
    child.send(message, socket, (error) => {
      if (!error) return;
      socket.destroy();
      child.kill();
    });
    clearTimeout(this.#refill);
    this.#refill = setTimeout(() => this.warm(), SPARE_DELAY).unref();
    await exited;
    this.#running.delete(child);
    this.warm();
  }

  #start(): ChildProcess {
    const child = fork(fileURLToPath(import.meta.resolve('#connection')), {
      execArgv: inheritedExecArgv(process.execArgv),
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('error', () => child.kill('SIGKILL'));
    // Neither the spare nor its channel keeps an embedding program alive.
    child.unref();
    child.channel?.unref();
    return child;
  }

  /** Count places for a running child and write its log lines. */
  #attend(child: ChildProcess): void {
    child.ref();
    child.channel?.ref();
    const releases: ReleaseSlot[] = [];
    child.on('message', (message: FromConnection) => {
      if (message.kind === 'log') this.#options.onLog(message.line);
      if (message.kind !== 'claim') return;
      void this.#options.claimSlot(message.lockFile, message.max).then((release) => {
        if (release) releases.push(release);
        const answer: ToConnection = { kind: 'claimed', granted: release !== undefined };
        if (child.connected) child.send(answer);
      });
    });
    child.once('exit', () => {
      for (const release of releases) release();
    });
  }

  /** End every process and wait for that. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#refill);
    const children = [...this.#running, ...(this.#spare ? [this.#spare] : [])];
    await Promise.all(children.map(endProcess));
  }
}

/**
 * Flags of this process that decide how modules are found and run; `--eval`, inspectors and test
 * runners stay here. @internal
 */
export function inheritedExecArgv(execArgv: readonly string[]): string[] {
  const kept: string[] = [];
  for (const [i, flag] of execArgv.entries()) {
    if (flag === '-C' || flag === '--conditions') kept.push(flag, execArgv[i + 1] ?? '');
    else if (/^--(conditions=|max-|no-|disable-warning|experimental-|stack-)/.test(flag)) {
      kept.push(flag);
    }
  }
  return kept;
}

function endProcess(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.ref();
    const force = setTimeout(() => child.kill('SIGKILL'), KILL_DELAY);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
