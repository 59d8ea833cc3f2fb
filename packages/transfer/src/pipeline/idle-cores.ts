import { cpus } from 'node:os';

/** Time that all cores of the machine together have spent, milliseconds. */
export interface CoreTimes {
  readonly idle: number;
  readonly total: number;
  readonly cores: number;
}

function timesOfThisMachine(): CoreTimes {
  const list = cpus();
  let [idle, total] = [0, 0];
  for (const { times } of list) {
    idle += times.idle;
    total += times.idle + times.user + times.nice + times.sys + times.irq;
  }
  return { idle, total, cores: list.length };
}

/** The clocks of cores tick every ten milliseconds: a shorter time says nothing. */
const SHORTEST_MS = 30;

/** Tells whether the machine has cores that nobody uses. To look costs about 0.1 ms. */
export class IdleCores {
  readonly #read: () => CoreTimes;
  #since: CoreTimes;

  constructor(read: () => CoreTimes = timesOfThisMachine) {
    this.#read = read;
    this.#since = read();
  }

  /** How many cores had nothing to do since the last look, e.g. 0.5; undefined when that is too short a time. */
  look(): number | undefined {
    const now = this.#read();
    const total = now.total - this.#since.total;
    if (total < SHORTEST_MS * now.cores) return undefined;
    const idle = now.idle - this.#since.idle;
    this.#since = now;
    return (idle / total) * now.cores;
  }
}
