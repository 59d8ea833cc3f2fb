import { mkdirSync, writeFileSync } from 'node:fs';
import { drawBarChart } from '../report/bar-chart.ts';
import { medianOf } from '../report/statistics.ts';
import { mebibytes, ratio, seconds, table, verdict } from '../report/table.ts';
import type { Pairing, Transfer, WorkloadResult } from './transfer.ts';
import { MAX_START_MS } from './workloads.ts';

const DIRECTORY = new URL('../../docs/performance/', import.meta.url).pathname;

const wall = (t: Transfer): number => t.client.wallMs;
const clientCpu = (t: Transfer): number => t.client.userMs + t.client.systemMs;
const clientPeak = (t: Transfer): number => t.client.peakBytes;
const daemonCpu = (t: Transfer): number => (t.daemon ? t.daemon.userMs + t.daemon.systemMs : 0);
const daemonPeak = (t: Transfer): number => t.daemon?.peakBytes ?? 0;

function of(result: WorkloadResult, pairing: Pairing, property: (t: Transfer) => number): number {
  return medianOf(result.transfers.get(pairing) ?? [], property);
}

const timesRsync = (result: WorkloadResult, pairing: Pairing): number =>
  of(result, pairing, wall) / of(result, 'rsync', wall);

/** The section of `docs/performance.md`. */
export function transferReport(
  results: readonly WorkloadResult[],
  machine: string,
  runs: number,
): string {
  const start = results.find(({ workload }) => workload.where === 'start');
  const copies = results.filter(({ workload }) => workload.where !== 'start');
  const overDaemon = copies.filter(({ workload }) => workload.where === 'daemon');
  const parts = [
    `Measured on: ${machine}. Median of ${runs} runs, the programs in turn; files and destinations in memory.`,
  ];
  if (start) parts.push(startReport(start, runs));
  if (copies.length > 0) {
    parts.push(
      'Our client and rsync, both against rsync’s daemon (or alone, for a local copy):',
      table(
        [
          'workload',
          'ours, s',
          'rsync, s',
          'ours ÷ rsync',
          'target',
          '',
          'CPU ours ÷ rsync, s',
          'peak ours ÷ rsync, MiB',
        ],
        copies.map((result) => clientRow(result)),
      ),
    );
  }
  for (const result of copies) if (result.transfers.has('node')) parts.push(lookReport(result));
  if (overDaemon.length > 0) {
    parts.push(
      'Our daemon with rsync as its client, and both ends ours, as multiples of rsync on both ends:',
      table(
        [
          'workload',
          'our daemon',
          'both ours',
          'target',
          'CPU of both ends: rsync, both ours, s',
          'peak of our daemon, MiB',
        ],
        overDaemon.map((result) => pairingRow(result)),
      ),
      '![Wall time as a multiple of rsync’s](performance/transfers.svg)',
    );
  }
  return parts.join('\n\n');
}

function startReport(result: WorkloadResult, runs: number): string {
  const [node, ours, rsync] = (['node', 'client', 'rsync'] as const).map((pairing) =>
    of(result, pairing, wall),
  ) as [number, number, number];
  const extra = ours - node;
  return (
    `\`deltawire --version\` takes ${ours.toFixed(0)} ms, \`node -e 0\` ${node.toFixed(0)} ms, ` +
    `\`rsync --version\` ${rsync.toFixed(0)} ms: ${extra.toFixed(0)} ms above Node, of ` +
    `${MAX_START_MS} allowed (${verdict(extra <= MAX_START_MS)}; median of ${runs * 5}).`
  );
}

/** What Node itself needs where nothing has changed. */
function lookReport(result: WorkloadResult): string {
  const bare = of(result, 'node', wall);
  return (
    `Where nothing has changed, looking is all there is to do: to start Node, list both trees of \`${result.workload.name}\` and ` +
    `call \`lstat\` on everything in them takes ${seconds(bare)} s without Deltawire (\`bench/transfers/look-only.js\`), ` +
    `${ratio(bare / of(result, 'rsync', wall))} times rsync’s whole run.`
  );
}

function clientRow(result: WorkloadResult): string[] {
  const { name, maxRatio, maxPeakMiB } = result.workload;
  const measured = timesRsync(result, 'client');
  const peakMiB = of(result, 'client', clientPeak) / 2 ** 20;
  const targets: string[] = [];
  if (maxRatio !== undefined) targets.push(`≤ ${maxRatio}`);
  if (maxPeakMiB !== undefined) targets.push(`≤ ${maxPeakMiB} MiB`);
  const met = measured <= (maxRatio ?? Infinity) && peakMiB <= (maxPeakMiB ?? Infinity);
  const pair = (property: (t: Transfer) => number, format: (value: number) => string): string =>
    `${format(of(result, 'client', property))} ÷ ${format(of(result, 'rsync', property))}`;
  return [
    name,
    seconds(of(result, 'client', wall)),
    seconds(of(result, 'rsync', wall)),
    ratio(measured),
    targets.join(', '),
    targets.length > 0 ? verdict(met) : '',
    pair(clientCpu, seconds),
    pair(clientPeak, mebibytes),
  ];
}

function pairingRow(result: WorkloadResult): string[] {
  const { name, maxRatio } = result.workload;
  const [daemon, both] = [timesRsync(result, 'daemon'), timesRsync(result, 'both')];
  const cpu = (pairing: Pairing): string =>
    seconds(of(result, pairing, clientCpu) + of(result, pairing, daemonCpu));
  const met = Math.max(daemon, both) <= (maxRatio ?? 0);
  return [
    name,
    ratio(daemon),
    ratio(both),
    maxRatio === undefined ? '' : `≤ ${maxRatio} ${verdict(met)}`,
    `${cpu('rsync')}, ${cpu('both')}`,
    mebibytes(of(result, 'daemon', daemonPeak)),
  ];
}

/** Draw `docs/performance/transfers.svg`. */
export function writeTransferChart(results: readonly WorkloadResult[]): void {
  const pairings = ['client', 'daemon', 'both'] as const;
  const svg = drawBarChart({
    title: 'Wall time as a multiple of rsync’s (shorter is better)',
    unit: 'ours ÷ rsync',
    series: ['our client', 'our daemon', 'both ends ours'],
    groups: results
      .filter(({ workload }) => workload.where !== 'start')
      .map((result) => ({
        label: result.workload.name,
        values: pairings.map((pairing) =>
          result.transfers.has(pairing) ? timesRsync(result, pairing) : undefined,
        ),
      })),
    reference: { value: 1, label: 'rsync' },
  });
  mkdirSync(DIRECTORY, { recursive: true });
  writeFileSync(`${DIRECTORY}transfers.svg`, svg);
}
