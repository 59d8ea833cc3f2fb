import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLog } from '../src/log.ts';

const to = (logFile: string) => ({ logFile, syslogFacility: 'daemon', syslogTag: 'rsyncd' });

test('lines go to the file and the function, control bytes escaped', () => {
  const directory = mkdtempSync(join(tmpdir(), 'log-'));
  const file = join(directory, 'log');
  const lines: string[] = [];
  const log = openLog(to(file), (line) => lines.push(line));
  log.write('a\nb');
  log.close();
  openLog(to(file), undefined).write('second');
  expect(readFileSync(file, 'latin1')).toMatch(
    /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[\d+\] a\\#012b\n.* second\n$/,
  );
  expect(lines).toEqual([expect.stringMatching(/ a\\#012b$/)]);
  rmSync(directory, { recursive: true });
});

test('a file that cannot be opened is fatal where nobody else takes the lines', () => {
  const lines: string[] = [];
  const target = to('/no/such/log');
  expect(() => openLog(target, undefined)).toThrow(expect.objectContaining({ exitCode: 11 }));
  openLog(target, (line) => lines.push(line.replace(/^.*?\] /, '')), true).close();
  expect(lines).toEqual([
    'rsync: failed to open log-file /no/such/log: No such file or directory (2)',
    'Ignoring "log file" setting.',
  ]);
});
