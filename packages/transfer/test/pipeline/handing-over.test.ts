import { inlineBytes } from '@deltawire/async-signature';
import { planTransferChecksum } from '@deltawire/checksums';
import { expect, test } from 'vitest';
import { HandingOver } from '../../src/pipeline/handing-over.ts';
import { IdleCores } from '../../src/pipeline/idle-cores.ts';

const checksum = planTransferChecksum({
  name: 'md5',
  origin: 'negotiated',
  protocol: 32,
  seedFix: true,
  seed: 1,
});
/** Bytes that take about a millisecond to sign. */
const MS = 1_400_000;
const small = inlineBytes(checksum) - 1;

/** On a machine with so many idle cores, as far as can be told. */
function onMachine(idle: () => number | undefined): HandingOver {
  const cores = new IdleCores();
  cores.look = idle;
  return new HandingOver(checksum, false, () => cores);
}

test('long files are handed over once much has been asked for and a core is idle', () => {
  const handing = onMachine(() => 0.5);
  for (let asked = 1; asked < 20; asked++) expect(handing.wants(MS, false)).toBe(false);
  expect(handing.wants(MS, false)).toBe(true);
  expect(handing.wants(small, true)).toBe(false);
});

test('where no core is idle, it is looked at again when twice as much has been asked for', () => {
  let looks = 0;
  const handing = onMachine(() => {
    looks++;
    return 0.1;
  });
  for (let asked = 0; asked < 170; asked++) {
    expect(handing.wants(MS, false)).toBe(false);
    handing.taken(MS);
  }
  expect(looks).toBe(4);
});

test('enough that is known to lie ahead is handed over in any case', () => {
  const handing = onMachine(() => undefined);
  const files = [1, 2, 3, 4, 5, 6].map(() => handing.wants(45 * MS, false));
  expect(files).toEqual([false, false, false, false, true, true]);
});

test('threads that are there are used', () => {
  expect(onMachine(() => 0).wants(MS, true)).toBe(true);
});

test('and so are threads that were asked for', () => {
  const handing = new HandingOver(checksum, true);
  expect(handing.wants(MS, false)).toBe(true);
  expect(handing.wants(small, false)).toBe(false);
});

test('files on a slow disk are handed over, small ones too; a single slow one is an accident', () => {
  const handing = onMachine(() => 0);
  handing.signedInLine(small, 100);
  expect(handing.wants(small, false)).toBe(false);
  for (let file = 0; file < 5; file++) handing.signedInLine(small, 2);
  expect(handing.wants(small, false)).toBe(true);
});
