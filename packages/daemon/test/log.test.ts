import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logTime, openLog } from '../src/log.ts';

test('times are local and padded', () => {
  expect(logTime(new Date(2026, 0, 2, 3, 4, 5))).toBe('2026/01/02 03:04:05');
});

test('lines go to the file and the function, control bytes escaped', () => {
  const directory = mkdtempSync(join(tmpdir(), 'log-'));
  const file = join(directory, 'log');
  const lines: string[] = [];
  const log = openLog(file, (line) => lines.push(line));
  log.write('a\nb');
  log.close();
  openLog(file, undefined).write('second');
  expect(readFileSync(file, 'latin1')).toMatch(
    /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[\d+\] a\\#012b\n.* second\n$/,
  );
  expect(lines).toEqual([expect.stringMatching(/ a\\#012b$/)]);
  rmSync(directory, { recursive: true });
});
