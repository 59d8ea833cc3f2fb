import { existsSync } from 'node:fs';
import { temporaryDirectory } from '@deltawire/testkit';
import { measure } from '../measure/command.ts';
import { startMeasuredDaemon } from '../measure/daemon.ts';
import { openLine } from '../measure/line.ts';
import { ourCommand, realCommand } from '../measure/machine.ts';
import { requireSameTrees, resetDestination } from '../workloads/destination.ts';
import { type Cell, MODES, type Mode, NETWORKS } from './cells.ts';
import { type Eviction, evict } from './cold.ts';
import { type Profile, profileArguments, readProfiles } from './profile.ts';

/** What one transfer took. */
export interface Sample {
  readonly wallMs: number;
  readonly receiverCpuMs: number;
  readonly senderCpuMs: number;
  readonly receiverPeakBytes: number;
  readonly senderPeakBytes: number;
  /** Both directions. */
  readonly wireBytes: number;
  /** Signatures that were ready, nearly ready, not asked for in time, too small to ask for. */
  readonly hits: number;
  readonly waits: number;
  readonly misses: number;
  readonly inline: number;
}

/**
 * A data set with an old and a new version, and a destination that is turned into the one and the
 * other by turns: each transfer leaves what the next one needs.
 */
export class Stage {
  readonly #set: string;
  readonly #destination: string;
  readonly #eviction: Eviction | undefined;
  readonly #verified: Set<string> = new Set();
  /** The version the destination has; undefined when nobody knows. */
  #version: 'old' | 'new' | undefined;

  /** @param eviction puts the destination out of the cache before each transfer */
  constructor(set: string, destination: string, eviction: Eviction | undefined) {
    this.#set = set;
    this.#destination = destination;
    this.#eviction = eviction;
  }

  /** Transfer once, and say where the time of our receiver went. */
  async profile(cell: Cell): Promise<Profile> {
    using directory = temporaryDirectory('bench-profile-');
    await this.run(cell, profileArguments(directory.path));
    return readProfiles(directory.path);
  }

  /** Transfer once; `nodeArguments` go to the Node of our receiver. */
  async run(cell: Cell, nodeArguments: readonly string[] = []): Promise<Sample> {
    const mode: Mode = MODES[cell.mode];
    if (this.#version === undefined) {
      resetDestination(this.#destination, `${this.#set}/old`);
      this.#version = 'old';
    }
    const wanted = this.#version === 'old' ? 'new' : 'old';
    this.#version = undefined;
    const sample = await this.#transfer(cell, mode, wanted, nodeArguments);
    if (!this.#verified.has(cell.mode)) {
      await requireSameTrees(`${this.#set}/${wanted}`, this.#destination);
      this.#verified.add(cell.mode);
    }
    this.#version = wanted;
    return sample;
  }

  clear(): void {
    if (existsSync(this.#destination)) resetDestination(this.#destination, undefined);
    this.#version = undefined;
  }

  async #transfer(
    cell: Cell,
    mode: Mode,
    wanted: 'old' | 'new',
    nodeArguments: readonly string[],
  ): Promise<Sample> {
    const [program = '', ...programArguments] = programOf(mode.receiver);
    const daemon = await startMeasuredDaemon(programOf(mode.sender), { data: this.#set });
    const network = NETWORKS[cell.network];
    const line = network === undefined ? undefined : await openLine(daemon.port, network);
    try {
      if (this.#eviction !== undefined) evict(this.#destination, this.#eviction);
      const run = await measure([
        ...[program, ...nodeArguments, ...programArguments],
        ...['-a', '--no-whole-file', `--checksum-choice=${cell.checksum}`],
        // Ours says more about signatures at the third level, rsync about its memory.
        ...(mode.receiver === 'ours' ? ['--info=stats3'] : ['--stats']),
        ...(mode.threads === undefined ? [] : [`--signature-threads=${mode.threads}`]),
        `rsync://127.0.0.1:${line?.port ?? daemon.port}/data/${wanted}/`,
        `${this.#destination}/`,
      ]);
      const sender = await daemon.stop();
      return {
        wallMs: run.wallMs,
        receiverCpuMs: run.userMs + run.systemMs,
        senderCpuMs: sender.userMs + sender.systemMs,
        receiverPeakBytes: run.peakBytes,
        senderPeakBytes: sender.peakBytes,
        ...readStatistics(run.output),
      };
    } catch (error) {
      await daemon.stop();
      throw error;
    } finally {
      await line?.close();
    }
  }
}

const programOf = (who: 'ours' | 'rsync'): string[] =>
  who === 'ours' ? ourCommand() : realCommand();

type Statistics = Pick<Sample, 'wireBytes' | 'hits' | 'waits' | 'misses' | 'inline'>;

/**
 * Read what `--stats` prints, and our line about signatures.
 *
 * @throws Error when nothing was transferred
 */
export function readStatistics(output: string): Statistics {
  const number = (pattern: RegExp): number =>
    Number(pattern.exec(output)?.[1]?.replaceAll(',', '') ?? 0);
  if (number(/^Number of regular files transferred: ([\d,]+)/m) === 0) {
    throw new Error(`nothing was transferred:\n${output}`);
  }
  const signatures = /^Signatures ahead: .*/m.exec(output)?.[0] ?? '';
  const count = (what: string): number =>
    Number(new RegExp(`${what}: ([\\d,]+)`).exec(signatures)?.[1]?.replaceAll(',', '') ?? 0);
  return {
    wireBytes: number(/^Total bytes sent: ([\d,]+)/m) + number(/^Total bytes received: ([\d,]+)/m),
    hits: count('hit'),
    waits: count('wait'),
    misses: count('miss'),
    inline: count('inline'),
  };
}
