import { inlineBytes, signingMs } from '@deltawire/async-signature';
import type { TransferChecksum } from '@deltawire/checksums';
import { IdleCores } from './idle-cores.ts';

/**
 * Signing that lies ahead when threads are started in any case, milliseconds. The first thread costs
 * 100 to 150 ms of CPU time until all its code is compiled.
 */
const WORTH_STARTING_MS = 200;

/**
 * With less ahead, but so much asked for up to now, there may be as much to come, and threads are
 * started where the machine has a core for them; milliseconds. Where both ends keep all cores
 * busy, a thread can only take from what the others have.
 */
const WORTH_LOOKING_MS = 20;
const IDLE_CORES = 1 / 3;

/**
 * Files signed in line that take so much longer than their sums, on average, are on a disk that has
 * to be waited for, milliseconds. To wait is others' work, whatever the length of a file.
 */
const SLOW_MS = 0.25;
/** A single file counts as no slower than this: one interruption says nothing about the disk. */
const SLOWEST_MS = 1;

/** Decides which files are handed over to threads: long ones, when threads are worth their start. */
export class HandingOver {
  readonly #checksum: TransferChecksum;
  readonly #always: boolean;
  readonly #inlineBytes: number;
  readonly #makeIdleCores: () => IdleCores;
  /** Made with the first file. */
  #idle: IdleCores | undefined;
  /** {@link #askedMs} at which the machine's cores are looked at. */
  #lookAtMs = WORTH_LOOKING_MS;
  /** Signing that lay ahead so far, milliseconds, and how much of it has had its turn. */
  #askedMs = 0;
  #takenMs = 0;
  /** How much longer than their sums files signed in line have taken lately, milliseconds each. */
  #lateMs = 0;

  /** @param always - whether threads are wanted whatever they cost */
  constructor(
    checksum: TransferChecksum,
    always: boolean,
    makeIdleCores: () => IdleCores = () => new IdleCores(),
  ) {
    this.#checksum = checksum;
    this.#always = always;
    this.#inlineBytes = inlineBytes(checksum);
    this.#makeIdleCores = makeIdleCores;
  }

  /** Whether handing a file of so many bytes over costs too much of what it saves. */
  isSmall(bytes: number): boolean {
    return bytes < this.#inlineBytes;
  }

  /** A file of so many bytes lies ahead: is it to be handed over? `started`: there are threads. */
  wants(bytes: number, started: boolean): boolean {
    const isSlow = this.#lateMs > SLOW_MS;
    if (this.isSmall(bytes) && !isSlow) return false;
    this.#askedMs += signingMs(this.#checksum, bytes);
    return started || this.#always || isSlow || this.#isWorthThreads();
  }

  /** The turn of a file has come. */
  taken(bytes: number): void {
    if (!this.isSmall(bytes)) this.#takenMs += signingMs(this.#checksum, bytes);
  }

  /** A file was signed in line, in so many milliseconds. */
  signedInLine(bytes: number, ms: number): void {
    const lateMs = Math.min(ms - signingMs(this.#checksum, bytes), SLOWEST_MS);
    this.#lateMs += (lateMs - this.#lateMs) / 16;
  }

  #isWorthThreads(): boolean {
    this.#idle ??= this.#makeIdleCores();
    if (this.#askedMs - this.#takenMs >= WORTH_STARTING_MS) return true;
    if (this.#askedMs < this.#lookAtMs) return false;
    const idle = this.#idle.look();
    if (idle === undefined) return false;
    this.#lookAtMs = 2 * this.#askedMs;
    return idle > IDLE_CORES;
  }
}
