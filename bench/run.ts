/**
 * Whole transfers, ours against the real rsync, in turn. Prints a table; a full run also writes
 * `docs/performance.md`, with the whole-file sums and the kernels.
 *
 *     node bench/run.ts [--quick] [--runs N] [--only NAME,…] [--data DIR] [--write | --no-write]
 */
import { parseArgs } from 'node:util';
import { measureKernels } from './kernels/against-rsync.ts';
import { measureSums } from './kernels/sums.ts';
import { describeMachine } from './measure/machine.ts';
import { writeSections } from './report/document.ts';
import { transferReport, writeTransferChart } from './transfers/report.ts';
import { measureWorkload } from './transfers/transfer.ts';
import { WORKLOADS } from './transfers/workloads.ts';
import { scratchDirectory } from './workloads/destination.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    runs: { type: 'string' },
    only: { type: 'string', default: '' },
    data: { type: 'string' },
    write: { type: 'boolean' },
  },
  allowNegative: true,
});

const DOCUMENT = new URL('../docs/performance.md', import.meta.url).pathname;
/** All data sets and a destination. */
const ROOM_BYTES = 6 * 2 ** 30;
const QUICK_DIVISOR = 16;

const runs = Number(values.runs ?? (values.quick ? 1 : 5));
const only = values.only.split(',').filter((name) => name !== '');
const chosen = WORKLOADS.filter(({ name }) => only.length === 0 || only.includes(name));
const wants = (part: string): boolean => only.length === 0 || only.includes(part);
/** Only a whole run may replace what the document says, unless it is asked to. */
const write = values.write ?? (only.length === 0 && !values.quick);

const scratch = scratchDirectory(ROOM_BYTES);
const data = values.data ?? `${scratch}/data`;
const setup = { data, scratch, divisor: values.quick ? QUICK_DIVISOR : 1, runs };
const machine = await describeMachine();
const sections: Record<string, string> = {};
if (chosen.length > 0) {
  const results = [];
  for (const workload of chosen) {
    results.push(await measureWorkload(workload, setup));
  }
  sections.transfers = transferReport(results, machine, runs);
  if (write) writeTransferChart(results);
}
if (wants('sums')) sections.sums = await measureSums(machine, runs);
if (wants('kernels')) {
  sections.kernels = await measureKernels(machine, { scratch, runs, quick: values.quick });
}
for (const text of Object.values(sections)) console.log(`${text}\n`);
if (write) writeSections(DOCUMENT, sections);
