import { CHECKSUM_NAMES } from '@deltawire/checksums';
import { median } from '../report/statistics.ts';
import { table } from '../report/table.ts';
import { startKernelProcess } from './kernel-process.ts';
import type { SumImplementation } from './worker.ts';

const CPU = 0;
const IMPLEMENTATIONS: readonly SumImplementation[] = ['ours', 'node:crypto', 'hash-wasm'];

/** The sum of a whole file, by everything there is: the section of `docs/performance.md`. */
export async function measureSums(machine: string, runs: number): Promise<string> {
  const kernels = startKernelProcess(CPU);
  const rows: string[][] = [];
  for (const name of CHECKSUM_NAMES) {
    if (name === 'none') continue;
    const speeds: number[] = [];
    for (const by of IMPLEMENTATIONS) {
      const samples: number[] = [];
      for (let run = 0; run < runs; run++) {
        const time = await kernels.run({ kind: 'sum', name, by });
        if (time) samples.push(time.bytes / 1e3 / (time.userMs + time.systemMs));
      }
      speeds.push(median(samples));
    }
    const fastest = Math.max(...speeds.filter((speed) => !Number.isNaN(speed)));
    rows.push([name, ...speeds.map((speed) => cell(speed, speed === fastest))]);
    console.error(rows.at(-1)?.join('  '));
  }
  kernels.stop();
  return [
    `Measured on: ${machine}. MB (10⁶ bytes) per second of CPU time, 256 KiB at a time, median of ${runs}.`,
    table(['', ...IMPLEMENTATIONS], rows),
  ].join('\n\n');
}

function cell(speed: number, fastest: boolean): string {
  if (Number.isNaN(speed)) return '–';
  return fastest ? `**${speed.toFixed(0)}**` : speed.toFixed(0);
}
