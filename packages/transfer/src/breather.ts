/** Longest stretch of synchronous work before the event loop gets a turn, in milliseconds. */
const STRETCH_MS = 5;

/** Gives the event loop back to sockets, timers and signals during long synchronous work. */
export class Breather {
  #since: number = performance.now();

  /** Whether it is time to pause. */
  get due(): boolean {
    return performance.now() - this.#since > STRETCH_MS;
  }

  /** Let everything else that is ready run. */
  async pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    this.#since = performance.now();
  }
}

/** Wakes whoever waits for a shared state to change. */
export class Bell {
  #waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  #failure: unknown;
  #failed = false;

  ring(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { resolve } of waiting) resolve();
  }

  /** Present and later waits fail with `error`. */
  fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#failure = error;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(error);
  }

  /** Resolves at the next ring. Check the condition before and after. */
  wait(): Promise<void> {
    if (this.#failed) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }
}
