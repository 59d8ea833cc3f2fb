import { expect, test } from 'vitest';
import { drawBarChart } from '../bench/report/bar-chart.ts';
import { replaceSection } from '../bench/report/document.ts';
import { median } from '../bench/report/statistics.ts';
import { ratio, seconds, table } from '../bench/report/table.ts';
import { cellId, fullPlan, matchesPattern, quickPlan } from '../bench/signatures/cells.ts';
import { measurementsSection } from '../bench/signatures/measurements.ts';
import { ACTIVITIES, addProfile, type Profile } from '../bench/signatures/profile.ts';
import { Results } from '../bench/signatures/results.ts';
import { readStatistics, type Sample } from '../bench/signatures/stage.ts';
import { summarySection } from '../bench/signatures/summary.ts';

test('replaceSection() keeps what is around the markers, and can be repeated', () => {
  const page = 'a\n<!-- bench:x -->\nold\n<!-- /bench:x -->\nb\n';
  const once = replaceSection(page, 'x', 'new\n');
  expect(once).toBe('a\n<!-- bench:x -->\n\nnew\n\n<!-- /bench:x -->\nb\n');
  expect(replaceSection(once, 'x', 'new')).toBe(once);
  expect(() => replaceSection(page, 'y', '')).toThrow('bench:y');
});

test('median(), table() and its numbers', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, Number.NaN]);
  expect([seconds(86), seconds(1420), seconds(12_345), ratio(0.941), ratio(31.4)]).toEqual([
    '0.086',
    '1.42',
    '12.3',
    '0.94',
    '31.4',
  ]);
  expect(table(['', 'n'], [['a|b', '1']])).toBe('|  | n |\n|---|---:|\n| a\\|b | 1 |');
});

test('a chart has a bar for each value, and text that is escaped', () => {
  const svg = drawBarChart({
    title: 'a < b',
    unit: 's',
    series: ['x', 'y'],
    groups: [{ label: 'g', values: [1, undefined] }],
    reference: { value: 2, label: 'r' },
  });
  expect(svg).toContain('a &#60; b');
  // One bar, two in the legend, one behind everything.
  expect(svg.match(/<rect/g)).toHaveLength(4);
});

test('every cell of the plans is there once, and a pattern finds it', () => {
  for (const cells of [fullPlan(), quickPlan()]) {
    const ids = cells.map((cell) => cellId(cell, cell.mode));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => matchesPattern(id, '*/cold/*/md5/inline'))).not.toEqual([]);
  }
  expect(matchesPattern('update/cached/lan/md5/rsync', 'update/cached')).toBe(true);
  expect(matchesPattern('update/cached/lan/md5/rsync', 'update/cold')).toBe(false);
});

test('readStatistics() reads what --info=stats3 prints', () => {
  const lines = [
    'Number of regular files transferred: 2,000',
    'Total bytes sent: 4,946,490',
    'Total bytes received: 10',
    'Signatures ahead: 1,900 (hit: 1,500, wait: 400, miss: 90, inline: 10), 572 bytes read, 0.1 seconds waited',
  ];
  expect(readStatistics(lines.join('\n'))).toEqual({
    wireBytes: 4_946_500,
    hits: 1500,
    waits: 400,
    misses: 90,
    inline: 10,
  });
  expect(() => readStatistics('')).toThrow('nothing was transferred');
});

test('the document says what the samples say, and what was not measured', () => {
  const sample = (wallMs: number): Sample[] => [
    {
      wallMs,
      receiverCpuMs: 100,
      senderCpuMs: 100,
      receiverPeakBytes: 2 ** 26,
      senderPeakBytes: 2 ** 26,
      wireBytes: 1e6,
      hits: 3,
      waits: 1,
      misses: 0,
      inline: 0,
    },
  ];
  const ahead = ['ahead', 'ahead-1', 'ahead-2', 'ahead-4'].map((mode) => [
    `update/cached/lan/md5/${mode}`,
    sample(1000),
  ]);
  const results = new Results({
    machine: 'a machine',
    divisor: 1,
    eviction: 'fadvise',
    cores: 2,
    profiles: {},
    samples: {
      'update/cached/lan/md5/rsync': sample(1400),
      'update/cached/lan/md5/inline': sample(1300),
      ...Object.fromEntries(ahead),
    },
  });
  const summary = summarySection(results);
  expect(summary).toContain(
    '| receiver the bottleneck: ahead against in line | ≥ 1.20 × | 1.30 × (least: update, LAN 1 ms, md5) | met |',
  );
  expect(summary).toContain('1.40 × (least: update, LAN 1 ms, md5) | **missed** |');
  expect(summary).toContain('| the same, every WAN | ≥ 1.00 × |  | not measured |');
  expect(measurementsSection(results, false)).toContain(
    '| LAN 1 ms, md5 | 1.40 | 1.30 | 1.00 | 1.00 | 1.00 | 1.00 | 1.30 | 1.40 |',
  );
  // Two ends of 100 ms each on two cores.
  expect(measurementsSection(results, false)).toContain(
    '| LAN 1 ms, md5 | 0.100 | 0.100 | 0.100 | 1.30 | 0.100 | 13.0 | 1.30 |',
  );
});

test('a profile is told by what the functions of a stack are for', () => {
  const names = ['(root)', 'signInto', 'read', 'update', 'wasm-function[3]', '(idle)', 'parse'];
  const nodes = names.map((functionName, i) => ({
    id: i + 1,
    callFrame: { functionName, url: '' },
    children: { 1: [2, 4, 6, 7], 2: [3], 4: [5] }[i + 1] ?? [],
  }));
  const total = Object.fromEntries(ACTIVITIES.map((activity) => [activity, 0])) as Profile;
  const samples = [2, 3, 5, 6, 7];
  addProfile(total, { nodes, samples, timeDeltas: [1000, 2000, 3000, 4000, 5000] });
  expect(Object.entries(total).filter(([, ms]) => ms > 0)).toEqual([
    ['reading, for block sums', 2],
    ['block sums', 1],
    ['sum of the whole file', 3],
    ['JavaScript and the rest', 5],
  ]);
});
