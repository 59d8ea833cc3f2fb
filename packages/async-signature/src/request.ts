import type { TransferChecksum } from '@deltawire/checksums';
import type { BlockLayout, Signature } from '@deltawire/signature';
import type { Answer, Cancelled } from './answer.ts';

/** A file to sign. */
export interface SignRequest {
  /**
   * Open for reading, and kept open until the promise settles. The worker reads this very
   * descriptor, by position, so what is signed is what the caller has open.
   */
  readonly fd: number;
  readonly layout: BlockLayout;
  readonly checksum: TransferChecksum;
  /** Passed through to the diagnostics; the pool does nothing with it. */
  readonly ndx?: number;
}

/** How a request is to be treated. */
export interface SignOptions {
  /** Gives the request up: queued work never starts, running work stops within one chunk. */
  readonly signal?: AbortSignal;
  /**
   * How soon the signature is needed: higher first, equals in the order of asking.
   *
   * @default 0
   */
  readonly priority?: number;
}

/**
 * The promise of a request. It notices when somebody asks for its result: the pool stops working
 * ahead when too many finished results lie about that nobody has asked for.
 *
 * @internal
 */
export class SignaturePromise extends Promise<Signature> {
  onClaim: (() => void) | undefined;
  /** Whose promise it is. */
  request: SignatureRequest | undefined;

  /** Derived promises are ordinary ones. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // biome-ignore lint/suspicious/noThenProperty: this is a promise
  override then<A = Signature, B = never>(
    onfulfilled?: ((value: Signature) => A | PromiseLike<A>) | null,
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const { onClaim } = this;
    this.onClaim = undefined;
    onClaim?.();
    return super.then(onfulfilled, onrejected);
  }
}

/** Where a request stands. Every request goes through `settled` exactly once. */
export type RequestState = 'waiting' | 'queued' | 'running' | 'settled';

/** A request inside the pool. */
export class SignatureRequest {
  readonly fd: number;
  readonly layout: BlockLayout;
  readonly checksum: TransferChecksum;
  readonly ndx: number | undefined;
  /** Order of asking. */
  readonly sequence: number;
  priority: number;
  state: RequestState = 'waiting';
  /** Index in the queue's heap; -1 outside. */
  place = -1;
  /** Has somebody asked for the result? */
  claimed = false;
  /** Set once the request was given up. */
  cancelled: Cancelled | undefined;
  /** Time of asking, `performance.now()`. */
  readonly askedAt: number = performance.now();
  readonly promise: SignaturePromise;
  #resolve!: (signature: Signature) => void;
  #reject!: (reason: unknown) => void;
  #stopWatching: (() => void) | undefined;
  #stopWorker: (() => void) | undefined;

  constructor(request: SignRequest, sequence: number, priority: number) {
    this.fd = request.fd;
    this.layout = request.layout;
    this.checksum = request.checksum;
    this.ndx = request.ndx;
    this.sequence = sequence;
    this.priority = priority;
    this.promise = new SignaturePromise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.promise.request = this;
    // Work ahead that fails unasked-for is not an unhandled rejection.
    void Promise.prototype.then.call(this.promise, undefined, () => {});
  }

  /** Bytes of the signature this request will have. */
  get resultBytes(): number {
    return this.layout.blockCount * (4 + this.layout.strongLength);
  }

  /** A batch has one checksum. */
  sharesBatch(other: SignatureRequest): boolean {
    const [a, b] = [this.checksum, other.checksum];
    return a === b || (a.name === b.name && a.seed === b.seed && a.blockSeed === b.blockSeed);
  }

  /** Call `abort` when the signal says so. */
  watch(signal: AbortSignal, abort: (reason: unknown) => void): void {
    const listener = (): void => abort(signal.reason);
    signal.addEventListener('abort', listener);
    this.#stopWatching = () => signal.removeEventListener('abort', listener);
  }

  /** A worker has the request; `stop` makes it stop. */
  start(stop: () => void): void {
    this.state = 'running';
    this.#stopWorker = stop;
  }

  /** Give up a running request; it is settled when the worker has stopped. */
  cancel(reason: unknown): void {
    this.cancelled ??= { cancelled: reason };
    this.#stopWorker?.();
  }

  /** Give the caller the answer. */
  settle(answer: Answer): void {
    this.state = 'settled';
    this.#stopWatching?.();
    this.#stopWatching = this.#stopWorker = undefined;
    if (answer instanceof Error) this.#reject(answer);
    else if ('cancelled' in answer) this.#reject(answer.cancelled);
    else this.#resolve(answer);
  }
}
