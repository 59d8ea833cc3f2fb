import { mkdirSync, writeFileSync } from 'node:fs';
import { drawBarChart } from '../report/bar-chart.ts';
import { mebibytes, ratio, seconds, table } from '../report/table.ts';
import { boundsSection } from './bounds.ts';
import {
  MAIN_MODES,
  MODES,
  type ModeName,
  NETWORK_TEXTS,
  type Setting,
  WORKLOAD_TEXTS,
  WORKLOADS,
} from './cells.ts';
import type { Results } from './results.ts';

const DIRECTORY = new URL('../../docs/async-signatures/', import.meta.url).pathname;
const COLD_TEXTS = {
  drop_caches: 'all caches dropped before each run',
  fadvise: 'put out of the page cache before each run, names and attributes excepted',
} as const;

/** Charts and tables of everything that was measured: the second section of the document. */
export function measurementsSection(results: Results, writeCharts: boolean): string {
  const parts: string[] = [];
  const add = (
    file: string,
    title: string,
    settings: readonly Setting[],
    label: (setting: Setting) => string,
  ): void => {
    if (settings.length === 0) return;
    parts.push(`### ${title}`);
    if (writeCharts) {
      writeChart(file, results, title, settings, label);
      parts.push(`![${title}: wall time](async-signatures/${file}.svg)`);
    }
    parts.push(wallTable(results, settings, label));
  };
  for (const workload of WORKLOADS) {
    add(
      `loopback-${workload}`,
      `${WORKLOAD_TEXTS[workload]}, loopback`,
      results.settings({ workload, storage: 'cached', network: 'loopback' }),
      ({ checksum }) => checksum,
    );
  }
  const lines = results.settings({ storage: 'cached' }).filter((s) => s.network !== 'loopback');
  for (const workload of WORKLOADS) {
    add(
      `lines-${workload}`,
      `${WORKLOAD_TEXTS[workload]}, over lines`,
      lines.filter((setting) => setting.workload === workload),
      ({ network, checksum }) => `${NETWORK_TEXTS[network]}, ${checksum}`,
    );
  }
  add(
    'cold',
    `Basis files on disk, ${COLD_TEXTS[results.measurement.eviction]}`,
    results.settings({ storage: 'cold' }),
    ({ workload, checksum }) => `${workload}, ${checksum}`,
  );
  const mixed = mixedTable(results);
  if (mixed) parts.push('### Our receiver, rsync’s sender', mixed);
  const bounds = boundsSection(results);
  if (bounds) parts.push(bounds);
  parts.push(
    `<details><summary>Every cell: CPU, memory, hits, bytes</summary>\n\n${detailTable(results)}\n\n</details>`,
  );
  return parts.join('\n\n');
}

/** Modes that were measured with any of the settings. */
const modesOf = (results: Results, settings: readonly Setting[]): ModeName[] =>
  MAIN_MODES.filter((mode) => settings.some((s) => results.samples(s, mode).length > 0));

function writeChart(
  file: string,
  results: Results,
  title: string,
  settings: readonly Setting[],
  label: (setting: Setting) => string,
): void {
  const modes = modesOf(results, settings);
  const svg = drawBarChart({
    title,
    unit: 'seconds, shorter is better',
    series: modes.map((mode) => MODES[mode].label),
    groups: settings.map((setting) => ({
      label: label(setting),
      values: modes.map((mode) => {
        const wallMs = results.wallMs(setting, mode);
        return Number.isNaN(wallMs) ? undefined : wallMs / 1000;
      }),
    })),
  });
  mkdirSync(DIRECTORY, { recursive: true });
  writeFileSync(`${DIRECTORY}${file}.svg`, svg);
}

function wallTable(
  results: Results,
  settings: readonly Setting[],
  label: (setting: Setting) => string,
): string {
  const modes = modesOf(results, settings);
  return table(
    ['wall, s', ...modes.map((mode) => MODES[mode].label), 'in line ÷ ahead', 'rsync ÷ ahead'],
    settings.map((setting) => [
      label(setting),
      ...modes.map((mode) => cell(results.wallMs(setting, mode), seconds)),
      ratio(results.speedup(setting, 'ahead', 'inline')),
      ratio(results.speedup(setting, 'ahead', 'rsync')),
    ]),
  );
}

function mixedTable(results: Results): string | undefined {
  const settings = results
    .settings({ workload: 'update', storage: 'cached', network: 'loopback' })
    .filter((setting) => results.samples(setting, 'from-rsync-ahead').length > 0);
  if (settings.length === 0) return undefined;
  return table(
    ['update, loopback; wall, s', 'in line', 'ahead', 'in line ÷ ahead'],
    settings.map((setting) => [
      setting.checksum,
      seconds(results.wallMs(setting, 'from-rsync-inline')),
      seconds(results.wallMs(setting, 'from-rsync-ahead')),
      ratio(results.speedup(setting, 'from-rsync-ahead', 'from-rsync-inline')),
    ]),
  );
}

function detailTable(results: Results): string {
  const rows: string[][] = [];
  for (const [id, samples] of Object.entries(results.measurement.samples)) {
    const [workload, storage, network, checksum, mode] = id.split('/') as [
      Setting['workload'],
      Setting['storage'],
      Setting['network'],
      Setting['checksum'],
      ModeName,
    ];
    const setting = { workload, storage, network, checksum };
    const of = (property: (sample: (typeof samples)[number]) => number): number =>
      results.median(setting, mode, property);
    const counts = [
      of((s) => s.hits),
      of((s) => s.waits),
      of((s) => s.misses),
      of((s) => s.inline),
    ];
    rows.push([
      id,
      seconds(of((s) => s.wallMs)),
      seconds(of((s) => s.receiverCpuMs)),
      seconds(of((s) => s.senderCpuMs)),
      mebibytes(of((s) => s.receiverPeakBytes)),
      mebibytes(of((s) => s.senderPeakBytes)),
      (of((s) => s.wireBytes) / 1e6).toFixed(2),
      MODES[mode].receiver === 'rsync' ? '' : counts.map((n) => Math.round(n)).join(' / '),
      String(samples.length),
    ]);
  }
  return table(
    [
      'workload/basis/line/sum/mode',
      'wall, s',
      'CPU of receiver, s',
      'CPU of sender, s',
      'peak of receiver, MiB',
      'peak of sender, MiB',
      'wire, MB',
      'hit / wait / miss / in line',
      'runs',
    ],
    rows,
  );
}

const cell = (value: number, format: (value: number) => string): string =>
  Number.isNaN(value) ? '–' : format(value);
