import { createFileEntry } from '@deltawire/protocol';
import type { TransferEvent, TransferStats } from '@deltawire/transfer';
import { expect, test } from 'vitest';
import { TallyCounter } from '../../src/demo/tally.ts';

const entry = createFileEntry({ name: 'f', mode: 0o100644 });
const details = { ndx: 1, name: 'f', entry, basisType: 0x80, xname: undefined } as const;
const kinds = { regular: 3, directories: 2, symlinks: 1, devices: 0, specials: 0 };

test('every number comes from an event or from the statistics', () => {
  const counter = new TallyCounter();
  const events: TransferEvent[] = [
    { kind: 'item', ...details, iflags: 0x800c, direction: 'recv' },
    { kind: 'item', ...details, iflags: 0x4002, direction: 'recv' },
    { kind: 'delete', name: 'gone', isDirectory: false },
    {
      kind: 'transferred',
      ...details,
      iflags: 0x800c,
      direction: 'recv',
      literalBytes: 10,
      matchedBytes: 90,
      bytesSent: 1,
      bytesReceived: 2,
      checksum: undefined,
      checksumName: 'xxh128',
    },
    { kind: 'signature', phase: 'requested', ndx: 1, bytes: 100 },
    { kind: 'signature', phase: 'used', ndx: 1, outcome: 'hit', bytes: 100 },
    { kind: 'signature', phase: 'used', ndx: 2, outcome: 'inline', bytes: 5 },
  ];
  for (const event of events) counter.onEvent(event);
  const stats = { files: kinds, bytesSent: 7, bytesReceived: 8 } as TransferStats;
  expect(counter.finish(stats)).toMatchObject({
    listed: 6,
    requested: 1,
    deleted: 1,
    literalBytes: 10,
    matchedBytes: 90,
    bytesSent: 7,
    bytesReceived: 8,
    hits: 1,
    waits: 0,
    misses: 0,
    inline: 1,
  });
});
