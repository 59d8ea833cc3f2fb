import { expect, test } from 'vitest';
import { parseStopAfter, parseStopAt } from '../src/stop-time.ts';

/** Wednesday 25 November 2026, 02:34:53 local time. */
const NOW = new Date(2026, 10, 25, 2, 34, 53).getTime();

test.for([
  ['02:35', [2026, 10, 25, 2, 35]],
  ['02:34', [2026, 10, 26, 2, 34]],
  ['T23:59', [2026, 10, 25, 23, 59]],
  ['0:00', [2026, 10, 26]],
  [':59', [2026, 10, 25, 2, 59]],
  [':5', [2026, 10, 25, 3, 5]],
  ['25', [2026, 11, 25]],
  ['26', [2026, 10, 26]],
  ['31', [2026, 11, 31]],
  ['1T5:00', [2026, 11, 1, 5, 0]],
  ['12T', [2026, 11, 12]],
  ['1-30', [2027, 0, 30]],
  ['12/31', [2026, 11, 31]],
  ['2-29', [2028, 1, 29]],
  ['2099/12/31t23:59', [2099, 11, 31, 23, 59]],
  ['2026-11-31', [2026, 11, 1]],
  ['26-12-1', [2026, 11, 1]],
  ['25-1-1', [2125, 0, 1]],
  ['99-1-1', [2099, 0, 1]],
  ['027-001-001', [2027, 0, 1]],
] as const)('--stop-at=%s', ([text, parts]) => {
  const [year, month, day, hour = 0, minute = 0] = parts as readonly number[];
  expect(new Date(parseStopAt(text, NOW))).toEqual(new Date(year!, month!, day, hour, minute));
});

test.for(['26-1-1', '2026-11-25', '26-11-25T02:00', '126-12-1', '2001-01-01T00:00'])(
  '--stop-at=%s has passed',
  (text) => {
    expect(() => parseStopAt(text, NOW)).toThrow('--stop-at time is not in the future');
  },
);

test.for([
  '',
  'T',
  'x',
  '0',
  '32',
  'T5',
  '5:',
  'T:5',
  '2-30',
  '4-31',
  '24:00',
  '12:60',
  '-1',
  '1-',
  '2027--1',
  '2026-12',
  '2027-13-1',
  '2027-0-1',
  '2027-1-1T12',
  '2027-1-1 12:00',
  '1:2:3',
])('--stop-at=%s is invalid', (text) => {
  expect(() => parseStopAt(text, NOW)).toThrow(`rsync: invalid --stop-at format: ${text}`);
});

test('--stop-after counts minutes', () => {
  expect(parseStopAfter('5', 1000)).toBe(301_000);
  expect(parseStopAfter(' +5x', 0)).toBe(300_000);
  for (const text of ['0', '-5', 'x', '']) {
    expect(() => parseStopAfter(text, 0)).toThrow(`invalid --stop-after value: ${text}`);
  }
});
