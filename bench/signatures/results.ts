import { median, medianOf } from '../report/statistics.ts';
import {
  CHECKSUMS,
  cellId,
  MAIN_MODES,
  type ModeName,
  NETWORKS,
  type Setting,
  WORKLOADS,
} from './cells.ts';
import type { Eviction } from './cold.ts';
import type { Profile } from './profile.ts';
import type { Sample } from './stage.ts';

/** Everything a run has found out; plain data. */
export interface Measurement {
  readonly machine: string;
  readonly divisor: number;
  readonly eviction: Eviction;
  /** Cores that both ends share. */
  readonly cores: number;
  /** By cell id. */
  readonly samples: Record<string, Sample[]>;
  /** Where the receiver's time went, by cell id: milliseconds by activity. */
  readonly profiles: Record<string, Profile>;
}

/** Medians, by what was measured. */
export class Results {
  readonly measurement: Measurement;

  constructor(measurement: Measurement) {
    this.measurement = measurement;
  }

  samples(setting: Setting, mode: ModeName): readonly Sample[] {
    return this.measurement.samples[cellId(setting, mode)] ?? [];
  }

  /** NaN when it was not measured. */
  median(setting: Setting, mode: ModeName, property: (sample: Sample) => number): number {
    return medianOf(this.samples(setting, mode), property);
  }

  wallMs(setting: Setting, mode: ModeName): number {
    return this.median(setting, mode, (sample) => sample.wallMs);
  }

  /** How many times as fast `mode` is as `than`. */
  speedup(setting: Setting, mode: ModeName, than: ModeName): number {
    return this.wallMs(setting, than) / this.wallMs(setting, mode);
  }

  /** The settings that were measured with at least two of the main modes. */
  settings(filter: Partial<Setting> = {}): Setting[] {
    const found: Setting[] = [];
    for (const workload of WORKLOADS) {
      for (const storage of ['cached', 'cold'] as const) {
        for (const network of Object.keys(NETWORKS) as (keyof typeof NETWORKS)[]) {
          for (const checksum of CHECKSUMS) {
            const setting = { workload, storage, network, checksum };
            const measured = MAIN_MODES.filter((mode) => this.samples(setting, mode).length > 0);
            if (measured.length > 1 && matches(setting, filter)) found.push(setting);
          }
        }
      }
    }
    return found;
  }

  /** The usual number of samples behind a median. */
  get typicalRuns(): number {
    return median(Object.values(this.measurement.samples).map((samples) => samples.length));
  }
}

const matches = (setting: Setting, filter: Partial<Setting>): boolean =>
  (Object.keys(filter) as (keyof Setting)[]).every((key) => setting[key] === filter[key]);
