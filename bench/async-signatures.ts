/**
 * Signatures in line against signatures ahead against the real rsync. A full run takes at most 25
 * minutes and writes `docs/async-signatures.md`; the samples are kept beside this file, in `work`.
 * When its time is over, or after an interrupt, it writes what it has.
 *
 *     node bench/async-signatures.ts [--quick] [--runs N] [--minutes M] [--only PATTERN,…]
 *         [--data DIR] [--disk DIR] [--cold drop_caches|fadvise|none] [--write | --no-write] [--render]
 *
 * A pattern is WORKLOAD/STORAGE/NETWORK/CHECKSUM/MODE, from the left as far as wanted, `*` for any:
 * `update/cached/lan`, `few/cold`. `--render` only writes the document again.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { writeSections } from './report/document.ts';
import { cellId, fullPlan, matchesPattern, quickPlan } from './signatures/cells.ts';
import { bestEviction, type Eviction } from './signatures/cold.ts';
import { measureCells } from './signatures/measure-cells.ts';
import { measurementsSection } from './signatures/measurements.ts';
import { type Measurement, Results } from './signatures/results.ts';
import { summarySection } from './signatures/summary.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    runs: { type: 'string' },
    minutes: { type: 'string' },
    only: { type: 'string', default: '' },
    data: { type: 'string' },
    disk: { type: 'string' },
    cold: { type: 'string' },
    write: { type: 'boolean' },
    render: { type: 'boolean', default: false },
  },
  allowNegative: true,
});

const path = (relative: string): string => new URL(relative, import.meta.url).pathname;
const DOCUMENT = path('../docs/async-signatures.md');
const KEPT = path('work/async-signatures.json');
const QUICK_DIVISOR = 8;

const patterns = values.only.split(',').filter((pattern) => pattern !== '');
/** Only a whole run may replace what the document says, unless it is asked to. */
const write = values.write ?? (values.render || (patterns.length === 0 && !values.quick));

/** After the first interrupt the cell in hand is the last one, and the document is written. */
let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    isStopped = true;
    process.once(signal, () => process.exit(130));
  });
}

const results = new Results(
  values.render ? (JSON.parse(readFileSync(KEPT, 'utf8')) as Measurement) : await measure(),
);
const sections = {
  summary: summarySection(results),
  measurements: measurementsSection(results, write),
};
for (const text of Object.values(sections)) console.log(`${text}\n`);
if (write) writeSections(DOCUMENT, sections);

function measure(): Promise<Measurement> {
  const { quick, cold } = values;
  const cells = (quick ? quickPlan() : fullPlan())
    .filter(({ storage }) => cold !== 'none' || storage === 'cached')
    .filter((cell) => {
      const id = cellId(cell, cell.mode);
      return patterns.length === 0 || patterns.some((pattern) => matchesPattern(id, pattern));
    });
  mkdirSync(path('work'), { recursive: true });
  return measureCells(cells, {
    rounds: Number(values.runs ?? (quick ? 1 : 3)),
    minutes: Number(values.minutes ?? (quick ? 3 : 25)),
    divisor: quick ? QUICK_DIVISOR : 1,
    eviction: (cold as Eviction | undefined) ?? bestEviction(),
    data: values.data,
    disk: values.disk,
    stopped: () => isStopped,
    onSample: (soFar) => writeFileSync(KEPT, JSON.stringify(soFar)),
  });
}
