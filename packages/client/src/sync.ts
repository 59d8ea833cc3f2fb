import { platformSupport } from '@deltawire/filesystem';
import { parseCommandLine } from '@deltawire/options';
import { textToBytes } from '@deltawire/protocol';
import type { TransferEvent, TransferResult } from '@deltawire/transfer';
import { runSync } from './run.ts';
import type { RunSyncOptions } from './run-options.ts';
import { type NamedOptions, optionArguments } from './sync-options.ts';

/** What to do (rsync's options) and how to run it. */
export type SyncOptions = NamedOptions & RunSyncOptions;

/**
 * A running transfer: await it for the result, iterate it for its events, dispose it to stop it.
 *
 * Iteration begins with the next event. Events wait in memory for a consumer that is slower than
 * the transfer; of waiting progress reports of one file only the latest is kept.
 */
export interface Transfer
  extends PromiseLike<TransferResult>,
    AsyncIterable<TransferEvent>,
    AsyncDisposable {}

/**
 * Copy files as rsync does: between local directories, through a remote shell (`host:path`) or to
 * and from a daemon (`rsync://host/module/path`). Starts at once.
 *
 * Resolves with the exit code of a transfer that ran to its end, 0 or 23 to 25 for a partial one;
 * rejects with an `RsyncError` otherwise, whose exit code is 20 after an abort.
 *
 * @example
 * const { exitCode, stats } = await sync('src/', 'host:dst/', { archive: true, delete: true });
 */
export function sync(
  sources: string | readonly string[],
  destination: string,
  options: SyncOptions = {},
): Transfer {
  const paths = [...(typeof sources === 'string' ? [sources] : sources), destination];
  return new RunningTransfer(paths, options);
}

class RunningTransfer implements Transfer {
  readonly #abort: AbortController = new AbortController();
  readonly #result: Promise<TransferResult>;
  readonly #queues: Set<EventQueue> = new Set();

  constructor(paths: readonly string[], o: SyncOptions) {
    const { signal, onEvent, env, pipeline, password, onRemoteStderr, ...named } = o;
    const own = this.#abort.signal;
    const run: RunSyncOptions = {
      env,
      pipeline,
      // A library does not talk to the terminal of the program it is used in.
      password: password ?? (() => undefined),
      onRemoteStderr,
      signal: signal === undefined ? own : AbortSignal.any([signal, own]),
      onEvent: (event) => {
        onEvent?.(event);
        for (const queue of this.#queues) queue.push(event);
      },
    };
    this.#result = start(paths, named, run);
    const close = (): void => {
      for (const queue of this.#queues) queue.close();
    };
    void this.#result.then(close, close);
  }

  // biome-ignore lint/suspicious/noThenProperty: a transfer is awaited for its result.
  then<A = TransferResult, B = never>(
    onResult?: ((result: TransferResult) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#result.then(onResult, onError);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TransferEvent, void, void> {
    const queue = new EventQueue();
    this.#queues.add(queue);
    const settled = (): void => queue.close();
    void this.#result.then(settled, settled);
    try {
      yield* queue.read();
      await this.#result;
    } finally {
      this.#queues.delete(queue);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    // Whoever stops a transfer does not want to hear that it was stopped.
    await this.#result.catch(() => {});
  }
}

async function start(
  paths: readonly string[],
  named: NamedOptions,
  run: RunSyncOptions,
): Promise<TransferResult> {
  const argv = [...optionArguments(named), '--', ...paths.map(textToBytes)];
  const { options } = parseCommandLine(argv, run.env ?? process.env, { platform: platformSupport });
  return runSync(options, run);
}

/** Events between the transfer and one consumer. */
class EventQueue {
  #events: TransferEvent[] = [];
  #closed = false;
  #wake: (() => void) | undefined;

  push(event: TransferEvent): void {
    const last = this.#events[this.#events.length - 1];
    const supersedes =
      event.kind === 'progress' && last?.kind === 'progress' && last.ndx === event.ndx;
    if (supersedes) this.#events.pop();
    this.#events.push(event);
    this.#wake?.();
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  async *read(): AsyncGenerator<TransferEvent, void, void> {
    for (;;) {
      const events = this.#events;
      this.#events = [];
      yield* events;
      if (this.#events.length > 0) continue;
      if (this.#closed) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
