import { type MeasuredRun, measure, type Usage } from '../measure/command.ts';
import { startMeasuredDaemon } from '../measure/daemon.ts';
import { ourCommand, realCommand } from '../measure/machine.ts';
import { medianOf } from '../report/statistics.ts';
import { type DataSetName, makeDataSet } from '../workloads/data-sets.ts';
import { requireSameTrees, resetDestination } from '../workloads/destination.ts';
import type { Workload } from './workloads.ts';

/**
 * Who is on which end: `rsync` is the real program on both, `client` is ours against rsync's daemon,
 * `daemon` is rsync against our daemon, `both` is ours on both. `node` is Node without Deltawire: it starts,
 * and where nothing has changed it looks at both trees.
 */
export type Pairing = 'rsync' | 'client' | 'daemon' | 'both' | 'node';

/** One run; of a local copy, `client` is all of its processes. */
export interface Transfer {
  readonly client: MeasuredRun;
  readonly daemon: Usage | undefined;
}

export interface WorkloadResult {
  readonly workload: Workload;
  readonly transfers: ReadonlyMap<Pairing, readonly Transfer[]>;
}

export interface TransferSetup {
  /** Directory of the data sets. */
  readonly data: string;
  /** Directory for destinations. */
  readonly scratch: string;
  /** So many times smaller than the full size. */
  readonly divisor: number;
  readonly runs: number;
}

const PAIRINGS: Readonly<Record<Workload['where'], readonly Pairing[]>> = {
  start: ['node', 'rsync', 'client'],
  local: ['rsync', 'client'],
  daemon: ['rsync', 'client', 'daemon', 'both'],
};

/** Who takes part in a workload. */
const pairingsOf = ({ where, before }: Workload): readonly Pairing[] =>
  where === 'local' && before === 'same' ? [...PAIRINGS.local, 'node'] : PAIRINGS[where];

const LOOK_ONLY = new URL('look-only.js', import.meta.url).pathname;

/** Short runs are repeated more often. */
const START_RUNS = 5;

/** Run a workload with every pairing in turn; the first result of each is verified. */
export async function measureWorkload(
  workload: Workload,
  setup: TransferSetup,
): Promise<WorkloadResult> {
  const transfers = new Map<Pairing, Transfer[]>();
  const runs = workload.where === 'start' ? setup.runs * START_RUNS : setup.runs;
  const stage = new Stage(workload, setup);
  for (let run = 0; run < runs; run++) {
    for (const pairing of pairingsOf(workload)) {
      const transfer = await stage.run(pairing, run === 0);
      transfers.set(pairing, [...(transfers.get(pairing) ?? []), transfer]);
    }
  }
  stage.clear();
  const summary = [...transfers].map(
    ([pairing, list]) => `${pairing} ${medianOf(list, (t) => t.client.wallMs).toFixed(0)} ms`,
  );
  console.error(`${workload.name}: ${summary.join(', ')}`);
  return { workload, transfers };
}

/** The directories of one workload. */
class Stage {
  readonly #workload: Workload;
  readonly #source: string;
  readonly #before: string | undefined;
  readonly #destination: string;
  #isReady = false;

  constructor(workload: Workload, setup: TransferSetup) {
    const [set, part] = workload.source.split('/') as [DataSetName, string?];
    const root = makeDataSet(setup.data, set, setup.divisor);
    this.#workload = workload;
    this.#source = part === undefined ? root : `${root}/${part}`;
    this.#before = { empty: undefined, same: this.#source, old: `${root}/old` }[workload.before];
    this.#destination = `${setup.scratch}/destination`;
  }

  async run(pairing: Pairing, verify: boolean): Promise<Transfer> {
    const { where, before } = this.#workload;
    if (where === 'start') return { client: await measureStart(pairing), daemon: undefined };
    // A transfer that changes nothing leaves the stage as it was.
    if (!this.#isReady || before !== 'same') resetDestination(this.#destination, this.#before);
    this.#isReady = true;
    const transfer = where === 'local' ? await this.#local(pairing) : await this.#daemon(pairing);
    if (verify) await requireSameTrees(this.#source, this.#destination);
    return transfer;
  }

  clear(): void {
    if (this.#isReady) resetDestination(this.#destination, undefined);
  }

  async #local(pairing: Pairing): Promise<Transfer> {
    if (pairing === 'node') {
      const look = [process.execPath, LOOK_ONLY, this.#source, this.#destination];
      return { client: await measure(look), daemon: undefined };
    }
    const program = pairing === 'rsync' ? realCommand() : ourCommand();
    const argv = [...program, '-a', ...this.#options(), `${this.#source}/`, this.#destination];
    return { client: await measure(argv), daemon: undefined };
  }

  async #daemon(pairing: Pairing): Promise<Transfer> {
    const isOurs = { client: pairing === 'client', daemon: pairing === 'daemon' };
    const [client, server] = [isOurs.client, isOurs.daemon].map((ours) =>
      ours || pairing === 'both' ? ourCommand() : realCommand(),
    ) as [string[], string[]];
    const modules = { source: this.#source, destination: this.#destination };
    const daemon = await startMeasuredDaemon(server, modules);
    const url = `rsync://127.0.0.1:${daemon.port}`;
    const ends =
      this.#workload.way === 'pull'
        ? [`${url}/source/`, `${this.#destination}/`]
        : [`${this.#source}/`, `${url}/destination/`];
    try {
      const run = await measure([...client, '-a', ...this.#options(), ...ends]);
      return { client: run, daemon: await daemon.stop() };
    } catch (error) {
      await daemon.stop();
      throw error;
    }
  }

  #options(): readonly string[] {
    return this.#workload.options ?? [];
  }
}

function measureStart(pairing: Pairing): Promise<MeasuredRun> {
  if (pairing === 'node') return measure([process.execPath, '-e', '0']);
  return measure([...(pairing === 'rsync' ? realCommand() : ourCommand()), '--version']);
}
