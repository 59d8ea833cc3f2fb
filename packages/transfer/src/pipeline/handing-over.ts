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
/** A single file counts as no slower than this: one alone says nothing about the disk. */
const SLOWEST_MS = 1;
/** One file in so many is timed: to count the waits takes 2 µs. */
const TIMED = 4;
/** Of the timed files, so many make up the average. */
const REMEMBERED = 8;

/**
 * How often threads of this process have waited for something so far. A file that was late without
 * a wait was interrupted, which says nothing about the disk. (Always 0 where it is not counted.)
 */
const waitsSoFar = (): number => process.resourceUsage().voluntaryContextSwitches;

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
  #inLine = 0;
  #waits = 0;
  #since = 0;

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

  /** A file is about to be signed in line. */
  beginInLine(): void {
    if (this.#inLine++ % TIMED > 0) return;
    this.#waits = waitsSoFar();
    this.#since = performance.now();
  }

  /** It has been, and has so many bytes. */
  endInLine(bytes: number): void {
    if ((this.#inLine - 1) % TIMED > 0) return;
    const ms = performance.now() - this.#since - signingMs(this.#checksum, bytes);
    const isLate = ms > SLOW_MS && (this.#waits === 0 || waitsSoFar() > this.#waits);
    this.#lateMs += ((isLate ? Math.min(ms, SLOWEST_MS) : 0) - this.#lateMs) / REMEMBERED;
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
