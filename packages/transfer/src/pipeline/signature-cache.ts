import { createSignaturePool, type SignaturePool } from '@deltawire/async-signature';
import type { TransferChecksum } from '@deltawire/checksums';
import { type FileStat, fstat, readAt } from '@deltawire/filesystem';
import { type BlockLayout, type Signature, signSync } from '@deltawire/signature';
import type { SignatureStats } from '../stats.ts';
import { HandingOver } from './handing-over.ts';
import { OpenBasis } from './open-basis.ts';
import type { SignatureEvent } from './report-signatures.ts';

/** How much is done ahead, and by whom. */
export interface PipelineOptions {
  /** Files looked at before their turn. @default 64 */
  readonly windowFiles?: number;
  /** Bytes of basis files being signed ahead. @default 256 MiB */
  readonly windowBytes?: number;
  /** Bytes of the signatures of those files. @default 64 MiB */
  readonly resultBytes?: number;
  /** false: every signature is computed when its turn comes, with the same bytes on the wire. */
  readonly asyncSignatures?: boolean;
  /**
   * Worker threads, started with the first file that is long enough.
   *
   * @default min(available parallelism, 4), started only where they are worth it
   */
  readonly threads?: number;
  /** A pool to share between transfers; it is not closed. */
  readonly signatures?: SignaturePool;
}

const DEFAULT_WINDOW_FILES = 64;
const DEFAULT_WINDOW_BYTES = 256 * 1024 * 1024;
/** Reached with `--block-size` only: other signatures are a hundredth of their file at most. */
const DEFAULT_RESULT_BYTES = 64 * 1024 * 1024;

/** A basis whose block sums are at hand. */
export interface SignedBasis {
  readonly basis: OpenBasis;
  readonly layout: BlockLayout;
  readonly signature: Signature;
}

interface Ahead {
  readonly basis: OpenBasis;
  readonly layout: BlockLayout;
  /** Gives itself to the pool, for `cancel`. */
  readonly promise: Promise<Signature>;
  /** Resolves, whatever becomes of the promise. */
  readonly answer: Promise<void>;
  signature: Signature | undefined;
  settled: boolean;
}

/** A basis that is only appended to: no sums are sent (docs/spec/data.md §6.5). */
export interface UnsignedBasis {
  readonly basis: OpenBasis;
  readonly layout: BlockLayout;
  readonly signature: undefined;
}

/** What the cache needs to know about the transfer. */
export interface SignatureCacheSetup {
  /** `--open-noatime`. */
  readonly noAtime: boolean;
  readonly checksum: TransferChecksum;
  /** Layout of a basis; `full` for the redo pass. */
  readonly plan: (length: number, full: boolean) => BlockLayout;
  readonly stats: SignatureStats;
  readonly emit: ((event: SignatureEvent) => void) | undefined;
  readonly pipeline: PipelineOptions;
}

/**
 * Signatures of basis files that will be needed soon, by ndx: asked for ahead of their turn,
 * collected while the network is waited for, looked up when the turn comes. Bounded in files and
 * in bytes; a file that changed in between is hashed again; without workers every lookup hashes
 * in line and the wire sees the same bytes.
 */
export class SignatureCache {
  readonly windowFiles: number;
  readonly #setup: SignatureCacheSetup;
  readonly #windowBytes: number;
  readonly #maxResultBytes: number;
  readonly #enabled: boolean;
  readonly #handingOver: HandingOver;
  readonly #ahead: Map<number, Ahead> = new Map();
  /** Answers that are still to come, also those that nobody wants any more. */
  readonly #pending: Set<Promise<unknown>> = new Set();
  #pool: SignaturePool | undefined;
  /** Whether a thread has signed something: before, waiting for one takes longer than signing here. */
  #warm = false;
  #aheadBytes = 0;
  #resultBytes = 0;

  constructor(setup: SignatureCacheSetup) {
    const { pipeline } = setup;
    this.#setup = setup;
    this.windowFiles = pipeline.windowFiles ?? DEFAULT_WINDOW_FILES;
    this.#windowBytes = pipeline.windowBytes ?? DEFAULT_WINDOW_BYTES;
    this.#maxResultBytes = pipeline.resultBytes ?? DEFAULT_RESULT_BYTES;
    this.#enabled = pipeline.asyncSignatures !== false && pipeline.threads !== 0;
    this.#handingOver = new HandingOver(setup.checksum, pipeline.threads !== undefined);
    this.#pool = pipeline.signatures;
    this.#warm = pipeline.signatures !== undefined;
  }

  /** Whether asking ahead makes sense at all. */
  get enabled(): boolean {
    return this.#enabled;
  }

  /** Whether the window has room for another file. */
  get hasRoom(): boolean {
    return (
      this.#ahead.size < this.windowFiles &&
      this.#aheadBytes < this.#windowBytes &&
      this.#resultBytes < this.#maxResultBytes
    );
  }

  /** Ask for the signature of the file at `path` before it is needed. Never throws. */
  request(ndx: number, path: string, size: number): void {
    if (!this.#enabled || this.#ahead.has(ndx)) return;
    const { checksum, pipeline, stats, emit } = this.#setup;
    if (!this.#handingOver.wants(size, this.#pool !== undefined)) return;
    let basis: OpenBasis | undefined;
    try {
      basis = OpenBasis.open(path, this.#setup.noAtime);
    } catch {
      return; // at its turn the file is opened again, and the failure reported
    }
    if (basis === undefined) return;
    this.#pool ??= createSignaturePool(
      pipeline.threads === undefined ? {} : { threads: pipeline.threads },
    );
    const layout = this.#setup.plan(basis.stat.size, false);
    const promise = this.#pool.trySign({ fd: basis.fd, layout, checksum, ndx }, { priority: -ndx });
    if (promise === undefined) {
      basis.release();
      return;
    }
    basis.hold();
    const held = basis;
    const settle = (signature: Signature | undefined): void => {
      ahead.signature = signature;
      ahead.settled = true;
      held.release();
      this.#pending.delete(ahead.answer);
      if (signature === undefined) return;
      this.#warm = true;
      emit?.({ kind: 'signature', phase: 'collected', ndx, bytes: layout.fileLength });
    };
    const ahead: Ahead = {
      basis,
      layout,
      promise,
      signature: undefined,
      settled: false,
      // On failure the generator hashes the file itself, and reports what is wrong.
      answer: promise.then(settle, () => settle(undefined)),
    };
    this.#pending.add(ahead.answer);
    this.#ahead.set(ndx, ahead);
    this.#aheadBytes += basis.stat.size;
    this.#resultBytes += resultBytes(layout);
    stats.ahead++;
    emit?.({ kind: 'signature', phase: 'requested', ndx, bytes: size });
  }

  /**
   * The signature of the file at `path`, which `expected` describes, when its turn has come: from
   * the cache, from a worker that is about to finish, or computed here. undefined when the path
   * is no regular file any more. Throws errno errors.
   */
  async take(ndx: number, path: string, expected: FileStat): Promise<SignedBasis | undefined> {
    const ahead = this.#ahead.get(ndx);
    this.#handingOver.taken(expected.size);
    if (ahead === undefined) {
      return this.#signHere(
        ndx,
        path,
        this.#handingOver.isSmall(expected.size) ? 'inline' : 'miss',
      );
    }
    this.#forget(ndx, ahead);
    const { stats, emit } = this.#setup;
    const hit = ahead.settled;
    if (!hit && !this.#warm) {
      // The first worker is still starting: hashing here is quicker than waiting for it.
      this.#pool?.cancel(ahead.promise);
    } else if (!hit) {
      const since = performance.now();
      await ahead.answer;
      stats.waitMs += performance.now() - since;
    }
    const { basis, layout, signature } = ahead;
    if (signature === undefined || !basis.matches(expected) || !basis.matches(fstat(basis.fd))) {
      basis.release();
      return this.#signHere(ndx, path, 'miss');
    }
    if (hit) stats.hits++;
    else stats.waits++;
    stats.bytes += layout.fileLength;
    const outcome = hit ? 'hit' : 'wait';
    emit?.({ kind: 'signature', phase: 'used', ndx, outcome, bytes: layout.fileLength });
    return { basis, layout, signature };
  }

  /** The signature for a second attempt, with full-length strong sums: computed here, a miss. */
  takeFull(ndx: number, path: string): SignedBasis | undefined {
    return this.#signHere(ndx, path, 'miss', true);
  }

  /** The basis without its sums. undefined when it is no regular file. Throws errno errors. */
  unsigned(path: string): UnsignedBasis | undefined {
    const basis = OpenBasis.open(path, this.#setup.noAtime);
    if (basis === undefined) return undefined;
    return { basis, layout: this.#setup.plan(basis.stat.size, false), signature: undefined };
  }

  /** The turn came and no signature was needed. */
  cancel(ndx: number): void {
    const ahead = this.#ahead.get(ndx);
    if (ahead === undefined) return;
    this.#forget(ndx, ahead);
    this.#pool?.cancel(ahead.promise);
    ahead.basis.release();
  }

  /** Stop what is still running, release every descriptor, end the threads. */
  async close(): Promise<void> {
    for (const ndx of [...this.#ahead.keys()]) this.cancel(ndx);
    await Promise.all(this.#pending);
    if (this.#pool !== this.#setup.pipeline.signatures) await this.#pool?.close();
  }

  #forget(ndx: number, ahead: Ahead): void {
    this.#ahead.delete(ndx);
    this.#aheadBytes -= ahead.basis.stat.size;
    this.#resultBytes -= resultBytes(ahead.layout);
  }

  #signHere(
    ndx: number,
    path: string,
    outcome: 'inline' | 'miss',
    full = false,
  ): SignedBasis | undefined {
    this.#handingOver.beginInLine();
    const signed = this.#signNow(path, full);
    if (signed === undefined) return undefined;
    const { stats, emit } = this.#setup;
    const bytes = signed.layout.fileLength;
    this.#handingOver.endInLine(bytes);
    if (outcome === 'inline') stats.inline++;
    else stats.misses++;
    stats.bytes += bytes;
    emit?.({ kind: 'signature', phase: 'used', ndx, outcome, bytes });
    return signed;
  }

  #signNow(path: string, full: boolean): SignedBasis | undefined {
    const basis = OpenBasis.open(path, this.#setup.noAtime);
    if (basis === undefined) return undefined;
    try {
      const layout = this.#setup.plan(basis.stat.size, full);
      const signature = this.#sign(basis.fd, layout);
      return { basis, layout, signature };
    } catch (error) {
      basis.release();
      throw error;
    }
  }

  /** By the pool where there is one, so that its figures have it. */
  #sign(fd: number, layout: BlockLayout): Signature {
    const { checksum } = this.#setup;
    return (
      this.#pool?.signInline({ fd, layout, checksum }) ?? signSync(readAt(fd), layout, checksum)
    );
  }
}

/** Bytes that the sums of a file take. */
const resultBytes = ({ blockCount, strongLength }: BlockLayout): number =>
  blockCount * (4 + strongLength);
