import { availableParallelism } from 'node:os';

/** Time at work after which the machine is looked at again, milliseconds. */
const WINDOW_MS = 40;

/**
 * Interruptions per millisecond at work that mean that others want the cores too. A thread that has
 * to share its core loses it every three or four milliseconds, or more often; one that has a core of its own, hardly ever.
 */
const CROWDED = 1 / 4;
const CALM = 1 / 10;

/** How often the kernel has taken a core away from a thread of this process that wanted to go on. */
const interruptionsSoFar = (): number => process.resourceUsage().involuntaryContextSwitches;

/**
 * How many threads the machine has room for. Where threads are interrupted again and again, one more
 * thread does not make anything faster: it only takes turns with those that are there. (On
 * systems that do not count interruptions, there is always room.)
 */
export class SpareCores {
  /** Threads there is room for, at least one. */
  threads: number;
  readonly #most: number;
  readonly #count: () => number;
  #interruptions: number | undefined;
  #busyMs = 0;

  /**
   * @param most - threads there may be at all
   * @param cores - of which the calling thread wants one, too: all the others are tried first
   */
  constructor(
    most: number,
    count: () => number = interruptionsSoFar,
    cores: number = availableParallelism(),
  ) {
    this.threads = Math.max(1, Math.min(most, cores - 1));
    this.#most = most;
    this.#count = count;
  }

  /** A thread has been at work for so long. */
  learn(busyMs: number): void {
    if (this.#most === 1) return;
    this.#interruptions ??= this.#count();
    this.#busyMs += busyMs;
    if (this.#busyMs < WINDOW_MS) return;
    const now = this.#count();
    const rate = (now - this.#interruptions) / this.#busyMs;
    if (rate > CROWDED) this.threads = Math.max(1, this.threads - 1);
    else if (rate < CALM) this.threads = Math.min(this.#most, this.threads + 1);
    this.#interruptions = now;
    this.#busyMs = 0;
  }
}
