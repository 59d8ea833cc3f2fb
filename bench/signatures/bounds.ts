import { ratio, seconds, table } from '../report/table.ts';
import { cellId, MODES, type ModeName, NETWORK_TEXTS, type Setting } from './cells.ts';
import { ACTIVITIES } from './profile.ts';
import type { Results } from './results.ts';

const PAIRS: readonly {
  readonly inLine: ModeName;
  readonly ahead: ModeName;
  readonly text: string;
}[] = [
  { inLine: 'inline', ahead: 'ahead-1', text: '' },
  { inLine: 'from-rsync-inline', ahead: 'from-rsync-ahead', text: ', rsync’s sender' },
];

/** What the cores of this machine allow, and where the receiver's time goes; undefined when nothing tells. */
export function boundsSection(results: Results): string | undefined {
  const parts = [floorTable(results), profileTable(results)].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : ['### What bounds it', ...parts].join('\n\n');
}

/**
 * In line a transfer takes at least as long as the busier end computes. Ahead the threads can use
 * what is idle, until both ends together keep all cores busy: then the sum of their CPU times counts.
 */
function floorTable(results: Results): string | undefined {
  const { cores } = results.measurement;
  const rows: string[][] = [];
  for (const setting of results.settings({ workload: 'update' })) {
    for (const pair of PAIRS) {
      const receiver = (mode: ModeName): number =>
        results.median(setting, mode, (sample) => sample.receiverCpuMs);
      const sender = results.median(setting, pair.inLine, (sample) => sample.senderCpuMs);
      const wall = results.wallMs(setting, pair.inLine);
      const floor = Math.max(sender, (sender + receiver(pair.ahead)) / cores);
      if (!Number.isFinite(floor + wall)) continue;
      rows.push([
        describe(setting) + pair.text,
        seconds(sender),
        seconds(receiver(pair.inLine)),
        seconds(receiver(pair.ahead)),
        seconds(wall),
        seconds(floor),
        ratio(wall / floor),
        ratio(results.speedup(setting, pair.ahead, pair.inLine)),
      ]);
    }
  }
  if (rows.length === 0) return undefined;
  return [
    `Both ends run on the same ${cores} cores. Ahead, a transfer takes at least the CPU time of both ends divided by ${cores}, ` +
      'and at least that of the sender: the shortest time there can be, and with it the largest gain over in line, if nothing ever ' +
      'waited. A daemon’s CPU time has its start in it.',
    table(
      [
        'update; s',
        'CPU of sender',
        'CPU of receiver, in line',
        'CPU of receiver, threads',
        'wall, in line',
        'shortest with threads',
        'largest gain',
        'measured',
      ],
      rows,
    ),
  ].join('\n\n');
}

function profileTable(results: Results): string | undefined {
  const { profiles } = results.measurement;
  const columns = results
    .settings({ workload: 'update', storage: 'cached', network: 'loopback' })
    .flatMap((setting) =>
      (['inline', 'ahead-1'] as const).flatMap((mode) => {
        const profile = profiles[cellId(setting, mode)];
        return profile === undefined
          ? []
          : [{ title: `${setting.checksum}, ${MODES[mode].label}`, profile }];
      }),
    );
  if (columns.length === 0) return undefined;
  const all = columns.map(({ profile }) =>
    ACTIVITIES.reduce((sum, activity) => sum + profile[activity], 0),
  );
  return [
    'Where the receiver’s time goes, from a profile of one run each: all its threads that run JavaScript, without what they waited ' +
      'for, but with the time in which another process had their core. Block sums and their reading are all that threads can take off.',
    table(
      ['update, loopback; s', ...columns.map(({ title }) => title)],
      [
        ...ACTIVITIES.map((activity) => [
          activity,
          ...columns.map(({ profile }) => seconds(profile[activity])),
        ]),
        ['all', ...all.map(seconds)],
      ],
    ),
  ].join('\n\n');
}

const describe = ({ storage, network, checksum }: Setting): string =>
  `${storage === 'cold' ? 'cold' : NETWORK_TEXTS[network]}, ${checksum}`;
