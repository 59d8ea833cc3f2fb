import { expect, test } from 'vitest';
import { formatBytes, formatReport } from '../../src/demo/report.ts';
import type { Tally } from '../../src/demo/tally.ts';

const first: Tally = {
  listed: 400,
  requested: 350,
  deleted: 0,
  literalBytes: 9_000_000,
  matchedBytes: 0,
  bytesSent: 8_000,
  bytesReceived: 9_050_000,
  hits: 0,
  waits: 0,
  misses: 0,
  inline: 0,
  milliseconds: 456,
};

test('two pulls side by side', () => {
  const second: Tally = {
    ...first,
    requested: 16,
    deleted: 15,
    literalBytes: 40_000,
    matchedBytes: 960_000,
    bytesSent: 20_000,
    bytesReceived: 80_000,
    hits: 12,
    waits: 2,
    misses: 1,
    inline: 3,
  };
  expect(formatReport(first, second, (text) => text)).toMatchInlineSnapshot(`
    "                                      first pull     after the edits
      entries listed                             400                 400
      files requested                            350                  16
      entries deleted                              0                  15
      data found in the old copy                 0 B           960.00 kB
      data sent as new                       9.00 MB            40.00 kB
      bytes on the wire, both ways           9.06 MB           100.00 kB
      saved on requested files                     -              90.0 %
      signatures ready ahead             none needed            12 of 18
        hit / wait / miss / inline                 -      12 / 2 / 1 / 3
      time                                    0.46 s              0.46 s
    "
  `);
});

test('formatBytes', () => {
  expect([0, 999, 1000, 1_500_000, 2e9, 5e12].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.00 kB',
    '1.50 MB',
    '2.00 GB',
    '5000.00 GB',
  ]);
});
