/**
 * What our kernels do per second of CPU time, against rsync's generator and sender: prints the
 * tables that `node bench/run.ts` writes into `docs/performance.md`.
 *
 *     node bench/kernels.ts [--quick] [--runs N] [--write]
 */
import { parseArgs } from 'node:util';
import { measureKernels } from './kernels/against-rsync.ts';
import { measureSums } from './kernels/sums.ts';
import { describeMachine } from './measure/machine.ts';
import { writeSections } from './report/document.ts';
import { scratchDirectory } from './workloads/destination.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    runs: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

const ROOM_BYTES = 2 ** 30;
const runs = Number(values.runs ?? (values.quick ? 1 : 5));
const scratch = scratchDirectory(ROOM_BYTES);
const machine = await describeMachine();
const sections = {
  sums: await measureSums(machine, runs),
  kernels: await measureKernels(machine, { scratch, runs, quick: values.quick }),
};
for (const text of Object.values(sections)) console.log(`${text}\n`);
const document = new URL('../docs/performance.md', import.meta.url).pathname;
if (values.write) writeSections(document, sections);
