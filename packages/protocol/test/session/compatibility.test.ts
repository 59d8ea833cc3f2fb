import { expect, test } from 'vitest';
import {
  advertisedProtocol,
  ByteReader,
  ByteWriter,
  capabilityString,
  compatFlagsFor,
  parseClientInfo,
  readVarint,
  writeCompatFlags,
} from '../../src/index.ts';
import { hex } from '../vectors.ts';

// Measured with rsync 3.5.0 (docs/spec/session.md §5.2).
test.each([
  ['', '06'],
  ['.i', '07'],
  ['.iLsf', '0f'],
  ['.iLsfx', '1f'],
  ['.iLsfxC', '3f'],
  ['.iLsfxCI', '7f'],
  ['.iLsfxCIv', '80ff'],
  ['.iLsfxCIvu', '81ff'],
  ['.LsfxCIvu', '81fe'],
  ['.V', '86'],
])('a server answers %j with %s', (clientInfo, encoded) => {
  const flags = compatFlagsFor(clientInfo, { incRecurseAllowed: true });
  const writer = new ByteWriter();
  writeCompatFlags(writer, flags, clientInfo);
  const written = writer.take();
  expect(hex(written)).toBe(encoded);
  if (clientInfo !== '.V') expect(readVarint(new ByteReader(written))).toBe(flags);
});

test('a server states what it can and allows', () => {
  const server = { incRecurseAllowed: false, symlinkTimes: false, symlinkIconv: false };
  expect(compatFlagsFor('.iLsfxCIvu', server)).toBe(0x1f8);
});

test('the capability string', () => {
  expect(capabilityString({ incRecurse: true })).toBe('.iLsfxCIvu');
  expect(capabilityString({ incRecurse: false })).toBe('.LsfxCIvu');
  expect(capabilityString({ incRecurse: true, symlinkTimes: false, symlinkIconv: false })).toBe(
    '.ifxCIvu',
  );
});

test('client info of a pre-release', () => {
  expect(parseClientInfo('31.2iLs')).toEqual({ version: 31, sub: 2, letters: 'iLs' });
  expect(parseClientInfo('.iLs')).toEqual({ version: undefined, sub: 0, letters: 'iLs' });
  expect(parseClientInfo('iLs')).toEqual({ version: undefined, sub: 0, letters: '' });
});

// Measured with rsync 3.5.0.
test.each([
  ['31.2', 30],
  ['32.1', 31],
  ['30.5', 29],
  ['28.3', 27],
  ['33.1', 32],
  ['33.0', 32],
  ['31.0', 32],
  ['.iLsfxCIvu', 32],
])('a client that says %j is told %i', (clientInfo, protocol) => {
  expect(advertisedProtocol(32, clientInfo)).toBe(protocol);
});
