import { mebibytes, ratio, table, verdict } from '../report/table.ts';
import {
  FORCED_MODES,
  MODES,
  type ModeName,
  NETWORK_TEXTS,
  type Setting,
  WORKLOAD_TEXTS,
  WORKLOADS,
} from './cells.ts';
import type { Results } from './results.ts';
import type { Sample } from './stage.ts';

/** Ahead may be slower than in line by this factor, which is within the noise. */
const MAX_SLOWDOWN = 1.05;
const MAX_BYTES_PER_THREAD = 20 * 2 ** 20;

interface Claim {
  readonly text: string;
  readonly target: string;
  readonly measured: string;
  /** undefined when it was not measured. */
  readonly met: boolean | undefined;
}

/** What was claimed, whether it holds, and what the numbers say: the first section of the document. */
export function summarySection(results: Results): string {
  const { machine, divisor } = results.measurement;
  const size =
    divisor === 1 ? '' : ` **Files or their number ${divisor} times smaller than said.**`;
  return [
    `Measured on: ${machine}. Median of ${results.typicalRuns} runs or more, the programs in turn.${size}`,
    table(
      ['', 'target', 'measured', ''],
      claims(results).map(({ text, target, measured, met }) => [
        text,
        target,
        measured,
        verdict(met),
      ]),
    ),
    ...readings(results).map((text) => `- ${text}`),
  ]
    .join('\n\n')
    .replaceAll('\n\n- ', '\n- ')
    .replace('\n- ', '\n\n- ');
}

const describe = (s: Setting): string =>
  `${s.workload}, ${s.storage === 'cold' ? 'cold' : NETWORK_TEXTS[s.network]}, ${s.checksum}`;

function claims(results: Results): Claim[] {
  const update = { workload: 'update', storage: 'cached' } as const;
  const near = results
    .settings(update)
    .filter(({ network }) => network === 'loopback' || network === 'lan');
  const far = results.settings(update).filter(({ network }) => network.startsWith('wan'));
  const only = (settings: readonly Setting[], checksum: string): Setting[] =>
    settings.filter((setting) => setting.checksum === checksum);
  const all = results.settings();
  return [
    slowest(results, 'ahead against in line, anywhere', all, ['ahead'], 'inline', 1 / MAX_SLOWDOWN),
    slowest(
      results,
      'the same with 1, 2 or 4 threads, worth it or not',
      all,
      FORCED_MODES,
      'inline',
      1 / MAX_SLOWDOWN,
    ),
    slowest(
      results,
      'receiver the bottleneck: ahead against in line',
      only(near, 'md5'),
      ['ahead'],
      'inline',
      1.2,
    ),
    slowest(
      results,
      'cold basis files: ahead against in line',
      results.settings({ workload: 'update', storage: 'cold' }),
      ['ahead'],
      'inline',
      1.5,
    ),
    slowest(
      results,
      'both ends ours against both ends rsync, MD5',
      only(near, 'md5'),
      ['ahead'],
      'rsync',
      1.5,
    ),
    slowest(results, 'the same, default sums', only(near, 'xxh128'), ['ahead'], 'rsync', 1),
    slowest(results, 'the same, every WAN', far, ['ahead'], 'rsync', 1),
    memoryClaim(results),
  ];
}

/** The setting in which one of `modes` gains least over `than`. */
function slowest(
  results: Results,
  text: string,
  settings: readonly Setting[],
  modes: readonly ModeName[],
  than: ModeName,
  least: number,
): Claim {
  const candidates = settings
    .flatMap((setting) => modes.map((mode) => ({ setting, mode })))
    .map((each) => ({ ...each, gain: results.speedup(each.setting, each.mode, than) }))
    .filter(({ gain }) => Number.isFinite(gain))
    .toSorted((a, b) => a.gain - b.gain);
  const worst = candidates[0];
  const target = `≥ ${least.toFixed(2)} ×`;
  if (worst === undefined) return { text, target, measured: '', met: undefined };
  const mode = modes.length > 1 ? `, ${MODES[worst.mode].label}` : '';
  return {
    text,
    target,
    measured: `${ratio(worst.gain)} × (least: ${describe(worst.setting)}${mode})`,
    met: worst.gain >= least,
  };
}

function memoryClaim(results: Results): Claim {
  const peak = (s: Sample): number => s.receiverPeakBytes;
  const perThread = results
    .settings()
    .flatMap((setting) =>
      FORCED_MODES.map((mode) => {
        const extra = results.median(setting, mode, peak) - results.median(setting, 'inline', peak);
        const threads = Number(mode.slice('ahead-'.length));
        return { setting, mode, bytes: extra / threads };
      }),
    )
    .filter(({ bytes }) => Number.isFinite(bytes))
    .toSorted((a, b) => b.bytes - a.bytes);
  const [text, target] = ['peak memory of a thread', `≤ ${mebibytes(MAX_BYTES_PER_THREAD)} MiB`];
  const most = perThread[0];
  if (most === undefined) return { text, target, measured: '', met: undefined };
  return {
    text,
    target,
    measured: `${mebibytes(most.bytes)} MiB (most: ${describe(most.setting)}, ${MODES[most.mode].label})`,
    met: most.bytes <= MAX_BYTES_PER_THREAD,
  };
}

/** Sentences made from the numbers. */
function readings(results: Results): string[] {
  const lines: string[] = [];
  for (const workload of WORKLOADS) {
    const settings = results.settings({ workload, storage: 'cached', network: 'loopback' });
    if (settings.length === 0) continue;
    lines.push(
      `**${WORKLOAD_TEXTS[workload]}, loopback.** Against in line: ${gains(results, settings, 'inline')}. ` +
        `Against rsync: ${gains(results, settings, 'rsync')}. ${hitsOf(results, settings)}`,
    );
  }
  for (const network of ['lan', 'wan20', 'wan40', 'wan100'] as const) {
    const settings = results.settings({ storage: 'cached', network });
    if (settings.length === 0) continue;
    lines.push(
      `**${NETWORK_TEXTS[network]}.** Against in line: ${gains(results, settings, 'inline')}. ` +
        `Against rsync: ${gains(results, settings, 'rsync')}.`,
    );
  }
  const cold = results.settings({ storage: 'cold' });
  if (cold.length > 0) {
    lines.push(
      `**Basis files on disk.** Against in line: ${gains(results, cold, 'inline')}. ` +
        `Against rsync: ${gains(results, cold, 'rsync')}.`,
    );
  }
  const cost = cpuCost(results);
  if (cost) lines.push(cost);
  return lines;
}

/** `1.31 × (md5) down to 0.99 × (xxh3)`, with a verb where that is all. */
function gains(results: Results, settings: readonly Setting[], than: ModeName): string {
  const list = settings
    .map((setting) => ({ setting, gain: results.speedup(setting, 'ahead', than) }))
    .filter(({ gain }) => Number.isFinite(gain))
    .toSorted((a, b) => b.gain - a.gain);
  const [best, worst] = [list[0], list.at(-1)];
  if (best === undefined || worst === undefined) return 'not measured';
  const isOneWorkload = new Set(list.map(({ setting }) => setting.workload)).size === 1;
  const name = ({ workload, checksum }: Setting): string =>
    isOneWorkload ? checksum : `${workload}, ${checksum}`;
  const one = `${ratio(best.gain)} × as fast (${name(best.setting)})`;
  return list.length === 1 ? one : `${one} to ${ratio(worst.gain)} × (${name(worst.setting)})`;
}

function hitsOf(results: Results, settings: readonly Setting[]): string {
  const total = { hits: 0, waits: 0, misses: 0, inline: 0 };
  for (const sample of settings.flatMap((s) => results.samples(s, 'ahead'))) {
    for (const key of ['hits', 'waits', 'misses', 'inline'] as const) total[key] += sample[key];
  }
  const all = total.hits + total.waits + total.misses + total.inline;
  if (all === 0) return '';
  const percent = (n: number): string => `${((100 * n) / all).toFixed(0)} %`;
  return (
    `Of the signatures ${percent(total.hits)} were ready, ${percent(total.waits)} under way, ` +
    `${percent(total.misses)} computed at their turn, and ${percent(total.inline)} too small to hand over.`
  );
}

function cpuCost(results: Results): string | undefined {
  const cpu = (s: Sample): number => s.receiverCpuMs;
  const costs = results
    .settings({ storage: 'cached', network: 'loopback' })
    .map((setting) => ({
      setting,
      ratio: results.median(setting, 'ahead-1', cpu) / results.median(setting, 'inline', cpu),
    }))
    .filter((cost) => Number.isFinite(cost.ratio))
    .toSorted((a, b) => a.ratio - b.ratio);
  const [least, most] = [costs[0], costs.at(-1)];
  if (least === undefined || most === undefined) return undefined;
  return (
    `**What a thread costs.** The receiver's CPU time with one, as a multiple of in line: ` +
    `${ratio(least.ratio)} (${describe(least.setting)}) to ${ratio(most.ratio)} (${describe(most.setting)}).`
  );
}
