import { createFileEntry } from '@deltawire/protocol';
import { expect, test } from 'vitest';
import { formatTransferLine } from '../src/transfer-log.ts';

const event = {
  kind: 'transferred' as const,
  ndx: 1,
  name: 'dir/f',
  entry: createFileEntry({ name: 'dir/f', mode: 0o100644, size: 1234567, uid: 5, gid: 6 }),
  iflags: 0,
  basisType: 0x80,
  xname: undefined,
  direction: 'send' as const,
  literalBytes: 0,
  matchedBytes: 0,
  bytesSent: 10,
  bytesReceived: 2,
  checksum: undefined,
  checksumName: 'xxh128' as const,
};
const subject = {
  host: 'h.example',
  address: '10.0.0.1',
  module: 'pub',
  modulePath: '/srv/pub',
  user: 'alice',
  operation: 'send' as const,
};

test.each([
  ['%o %h [%a] %m (%u) %f %l', 'send h.example [10.0.0.1] pub (alice) dir/f 1234567'],
  ["%'l|%10b|%-10b|", '1,234,567|        12|12        |'],
  ['%P/%n %U:%G 100%% %Z', '/srv/pub/dir/f 5:6 100% %Z'],
])('%s', (format, line) => {
  expect(formatTransferLine(format, event, subject)).toBe(line);
});
