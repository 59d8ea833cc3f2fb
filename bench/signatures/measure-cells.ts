import { describeMachine } from '../measure/machine.ts';
import { makeDataSet } from '../workloads/data-sets.ts';
import { scratchDirectory } from '../workloads/destination.ts';
import { type Cell, cellId } from './cells.ts';
import { diskDirectory, type Eviction } from './cold.ts';
import type { Measurement } from './results.ts';
import { type Sample, Stage } from './stage.ts';

export interface MeasureCellsOptions {
  /** Most times each cell is measured; key cells twice as often. */
  readonly rounds: number;
  /** No round begins a cell after so many minutes, except the first. */
  readonly minutes: number;
  /** Data sets are so many times smaller. */
  readonly divisor: number;
  readonly eviction: Eviction;
  /** Directory of the data sets, which stay there. */
  readonly data: string | undefined;
  /** Directory on a disk, for cold basis files. */
  readonly disk: string | undefined;
  /** Called after each round with everything so far. */
  readonly onRound: (soFar: Measurement) => void;
}

/** All three data sets and a destination each. */
const ROOM_BYTES = 5 * 2 ** 30;

/** Measure every cell, in rounds, so that a slow minute of the machine does not fall on one mode. */
export async function measureCells(
  cells: readonly Cell[],
  options: MeasureCellsOptions,
): Promise<Measurement> {
  const { rounds, divisor, eviction } = options;
  const samples: Record<string, Sample[]> = {};
  const measurement = { machine: await describeMachine(), divisor, eviction, samples };
  const endsAt = performance.now() + options.minutes * 60_000;
  const stages = new Stages(options);
  // What something is claimed about comes a second time in every round but a single one.
  const again = rounds > 1 ? cells.filter(({ isKey }) => isKey) : [];
  for (let round = 1; round <= rounds; round++) {
    for (const cell of [...again, ...cells]) {
      const id = cellId(cell, cell.mode);
      if (performance.now() > endsAt && samples[id] !== undefined) continue;
      const sample = await stages.of(cell)?.run(cell);
      if (sample === undefined) continue;
      samples[id] = [...(samples[id] ?? []), sample];
      console.error(`${round}/${rounds} ${id} ${sample.wallMs.toFixed(0)} ms`);
    }
    options.onRound(measurement);
  }
  return measurement;
}

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
