import { randomFillSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { formatProgressLine, ProgressMeter } from '../../src/output/progress.ts';
import { realRsync } from '../real-rsync.ts';

const files = { transferred: 1, toCheck: 4, total: 6, listsComplete: true };

test.each([
  ['--progress', 1],
  ['--info=progress2', 1],
  ['--progress --no-h', 0],
] as const)('formatProgressLine writes what rsync %s wrote', (options, human) => {
  using directory = temporaryDirectory();
  mkdirSync(join(directory.path, 's'));
  const total = 1_500_100;
  writeFileSync(join(directory.path, 's/a'), randomFillSync(Buffer.alloc(1_500_000)));
  writeFileSync(join(directory.path, 's/b'), 'x'.repeat(100));
  const args = ['-a', '--bwlimit=1500', ...options.split(' '), 's/', 't'];
  const { stdout } = realRsync(directory.path, args);
  const whole = options.includes('progress2');
  const pattern =
    /\r *([\d,]+) +(\d+)% +([\d.]+)(.)B\/s +(\d+):(\d\d):(\d\d)( {2}| \(.*?\)[ \n]?)/g;
  let lines = 0;
  for (const match of stdout.matchAll(pattern)) {
    lines++;
    const [text, bytes, , speed, unit, hours, minutes, seconds, end] = match;
    const done = Number(bytes!.replaceAll(',', ''));
    const size = whole ? total : done <= 100 ? 100 : 1_500_000;
    const factor = unit === 'G' ? 1024 ** 2 : unit === 'M' ? 1024 : 1;
    // Just below the rounded value would print the same; the sum keeps the unit.
    const rate = Number(speed) * factor + (factor > 1 ? 1e-6 : 0);
    const time = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    expect(formatProgressLine({ bytes: done, size, files }, rate, time, end!, human)).toBe(text);
  }
  expect(lines).toBeGreaterThan(2);
});

test('a time nobody can know is question marks', () => {
  const line = formatProgressLine({ bytes: 0, size: 10, files }, 0, Number.NaN, '  ', 1);
  expect(line).toBe('\r              0   0%    0.00kB/s   ??:??:??  ');
});

test('the per-file meter reports at once, then every second, then the end', () => {
  const meter = new ProgressMeter(false, 1);
  meter.begin(0);
  const at = (bytes: number) => ({ bytes, size: 4_194_304, files });
  expect(meter.update(at(32_768), 880)).toBe('\r         32,768   0%   36.36kB/s    0:01:54  ');
  expect(meter.update(at(65_536), 900)).toBeUndefined();
  expect(meter.update(at(1_048_576), 1000)).toBe(
    '\r      1,048,576  25%    1.00MB/s    0:00:03  '
      .replace('1.00MB', '1024.00kB')
      .replace('   1024', '1024'),
  );
  expect(meter.update(at(2_097_152), 1999)).toBeUndefined();
  expect(meter.update(at(2_097_152), 2000)).toBe('\r      2,097,152  50% 1024.00kB/s    0:00:02  ');
  expect(meter.finish(at(4_194_304), 4000)).toBe(
    '\r      4,194,304 100% 1024.00kB/s    0:00:04 (xfr#1, to-chk=4/6)\n',
  );
  meter.begin(9000);
  expect(meter.finish({ ...at(0), size: 0 }, 9000)).toBe(
    '\r              0 100%    0.00kB/s    0:00:00 (xfr#1, to-chk=4/6)\n',
  );
});

test('the whole-transfer meter stays on one line and pads it', () => {
  const meter = new ProgressMeter(true, 1);
  meter.begin(0);
  const at = (bytes: number, toCheck: number) => ({
    bytes,
    size: 100,
    files: { ...files, toCheck, listsComplete: false },
  });
  expect(meter.finish(at(10, 10), 1000)).toMatch(/ \(xfr#1, ir-chk=10\/6\)$/);
  meter.begin(1500);
  expect(meter.finish(at(20, 9), 2000)).toMatch(/ \(xfr#1, ir-chk=9\/6\) $/);
});
