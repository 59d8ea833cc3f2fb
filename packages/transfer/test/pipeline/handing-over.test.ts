import { inlineBytes } from '@deltawire/async-signature';
import { planTransferChecksum } from '@deltawire/checksums';
import { expect, test, vi } from 'vitest';
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

/** Sign so many small files in line, each in 2 ms, in which the process waits so many times. */
function signSlowly(handing: HandingOver, files: number, waits: number): void {
  const now = vi.spyOn(performance, 'now');
  const usage = vi.spyOn(process, 'resourceUsage');
  const counts = process.resourceUsage();
  for (let file = 0; file < files; file++) {
    now.mockReturnValue(2 * file);
    usage.mockReturnValue({ ...counts, voluntaryContextSwitches: 1 + waits * file });
    handing.beginInLine();
    now.mockReturnValue(2 * file + 2);
    usage.mockReturnValue({ ...counts, voluntaryContextSwitches: 1 + waits * (file + 1) });
    handing.endInLine(small);
  }
  vi.restoreAllMocks();
}

test('files on a slow disk are handed over, small ones too; a single slow one is an accident', () => {
  const handing = onMachine(() => 0);
  signSlowly(handing, 2, 1);
  expect(handing.wants(small, false)).toBe(false);
  signSlowly(handing, 20, 1);
  expect(handing.wants(small, false)).toBe(true);
});

test('a file that was late because of other work on the machine says nothing about the disk', () => {
  const handing = onMachine(() => 0);
  signSlowly(handing, 100, 0);
  expect(handing.wants(small, false)).toBe(false);
});
