import type { SignatureRequest } from './request.ts';

/** What one request's result takes of the bound. */
interface Hold {
  bytes: number;
}

/** Counts the bytes of results computed ahead that nobody has asked for yet, and bounds them. */
export class UnclaimedResults {
  /** Bytes of unclaimed results, finished or being computed. */
  bytes = 0;
  #maxBytes: number;
  readonly #onRelease: () => void;
  readonly #holds = new WeakMap<SignatureRequest, Hold>();
  /** A promise that was dropped will never be claimed; its result is gone. */
  readonly #dropped = new FinalizationRegistry<Hold>((hold) => this.#free(hold));

  /** @param onRelease - called when bytes have become free */
  constructor(maxBytes: number, onRelease: () => void) {
    this.#maxBytes = maxBytes;
    this.#onRelease = onRelease;
  }

  /** May this request be computed now? One that somebody waits for always may. */
  allows(request: SignatureRequest): boolean {
    return (
      request.claimed || this.bytes === 0 || this.bytes + request.resultBytes <= this.#maxBytes
    );
  }

  /** Count a request that is about to be computed. */
  hold(request: SignatureRequest): void {
    if (request.claimed) return;
    const hold: Hold = { bytes: request.resultBytes };
    this.bytes += hold.bytes;
    this.#holds.set(request, hold);
    this.#dropped.register(request.promise, hold);
  }

  /** The result was asked for, or there is none. */
  release(request: SignatureRequest): void {
    const hold = this.#holds.get(request);
    if (hold !== undefined) this.#free(hold);
  }

  /** No bound any more. */
  lift(): void {
    this.#maxBytes = Number.POSITIVE_INFINITY;
  }

  #free(hold: Hold): void {
    if (hold.bytes === 0) return;
    this.bytes -= hold.bytes;
    hold.bytes = 0;
    this.#onRelease();
  }
}
