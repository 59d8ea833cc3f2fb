import { availableParallelism } from 'node:os';
import { describeMachine } from '../measure/machine.ts';
import { makeDataSet } from '../workloads/data-sets.ts';
import { scratchDirectory } from '../workloads/destination.ts';
import { type Cell, cellId, type ModeName } from './cells.ts';
import { diskDirectory, type Eviction } from './cold.ts';
import type { Profile } from './profile.ts';
import type { Measurement } from './results.ts';
import { type Sample, Stage } from './stage.ts';

export interface MeasureCellsOptions {
  /** Most times each cell is measured; key cells nearly twice as often. */
  readonly rounds: number;
  /** No cell is begun after so many minutes. */
  readonly minutes: number;
  /** Asked before each cell: whether to end with what there is. */
  readonly stopped: () => boolean;
  /** Data sets are so many times smaller. */
  readonly divisor: number;
  readonly eviction: Eviction;
  /** Directory of the data sets, which stay there. */
  readonly data: string | undefined;
  /** Directory on a disk, for cold basis files. */
  readonly disk: string | undefined;
  /** Called after each cell with everything so far. */
  readonly onSample: (soFar: Measurement) => void;
}

/** All three data sets and a destination each. */
const ROOM_BYTES = 4 * 2 ** 30;

/** Profiled after the first round. */
const PROFILED: readonly ModeName[] = ['inline', 'ahead-1'];

/**
 * Measure every cell, in rounds, so that a slow minute of the machine does not fall on one mode. Between
 * two rounds, what something is claimed about comes once more. Ends after the time allowed, or
 * when `stopped` says so, with what there is.
 */
export async function measureCells(
  cells: readonly Cell[],
  options: MeasureCellsOptions,
): Promise<Measurement> {
  const { divisor, eviction, onSample, stopped } = options;
  const samples: Record<string, Sample[]> = {};
  const profiles: Record<string, Profile> = {};
  const machine = await describeMachine();
  const cores = availableParallelism();
  const measurement = { machine, divisor, eviction, cores, samples, profiles };
  const endsAt = performance.now() + options.minutes * 60_000;
  const stages = new Stages(options);
  const over = (): boolean => stopped() || performance.now() > endsAt;
  const each = async (
    list: readonly Cell[],
    what: (stage: Stage, cell: Cell, id: string) => Promise<string>,
  ): Promise<void> => {
    for (const cell of list) {
      if (over()) return;
      const stage = stages.of(cell);
      if (stage === undefined) continue;
      const id = cellId(cell, cell.mode);
      try {
        console.error(`${id} ${await what(stage, cell, id)}`);
      } catch (error) {
        // An interrupt from the keyboard reaches the programs as well.
        if (!stopped()) throw error;
      }
      onSample(measurement);
    }
  };
  const sample = async (stage: Stage, cell: Cell, id: string): Promise<string> => {
    const taken = await stage.run(cell);
    samples[id] = [...(samples[id] ?? []), taken];
    return `${taken.wallMs.toFixed(0)} ms`;
  };
  const key = cells.filter(({ isKey }) => isKey);
  await each(cells, sample);
  await each(key.filter(isProfiled), async (stage, cell, id) => {
    profiles[id] = await stage.profile(cell);
    return 'profile';
  });
  for (let round = 2; round <= options.rounds; round++) {
    await each(key, sample);
    await each(cells, sample);
  }
  return measurement;
}

const isProfiled = ({ mode, network, storage }: Cell): boolean =>
  PROFILED.includes(mode) && network === 'loopback' && storage === 'cached';

/** The data sets and destinations, made when they are first needed. */
class Stages {
  readonly #options: MeasureCellsOptions;
  readonly #scratch = scratchDirectory(ROOM_BYTES);
  readonly #disk: string | undefined;
  readonly #stages: Map<string, Stage> = new Map();

  constructor(options: MeasureCellsOptions) {
    this.#options = options;
    this.#disk = diskDirectory(options.disk);
  }

  /** undefined when there is no disk for a cold one. */
  of({ workload, storage }: Cell): Stage | undefined {
    const key = `${workload}-${storage}`;
    const known = this.#stages.get(key);
    if (known) return known;
    const isCold = storage === 'cold';
    const directory = isCold ? this.#disk : this.#scratch;
    if (directory === undefined) return undefined;
    const { data = `${this.#scratch}/data`, divisor, eviction } = this.#options;
    const set = makeDataSet(data, workload, divisor);
    const stage = new Stage(set, `${directory}/${key}`, isCold ? eviction : undefined);
    this.#stages.set(key, stage);
    return stage;
  }
}
