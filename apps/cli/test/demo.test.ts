import { readdirSync } from 'node:fs';
import { temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { runProgram } from './program.ts';

test('the demo ends well, says so, and cleans up', () => {
  using temporary = temporaryDirectory();
  const { stdout, stderr, status } = runProgram('/', ['demo'], { TMPDIR: temporary.path });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout.match(/trees are equal/g)).toHaveLength(2);
  const row = (label: string): string[] =>
    new RegExp(`^ +${label} +(.*?) {2,}(.*)$`, 'm').exec(stdout)!.slice(1, 3);
  const [requestedFirst, requestedSecond] = row('files requested').map(Number);
  expect(requestedFirst).toBeGreaterThan(300);
  expect(requestedSecond).toBeLessThan(60);
  expect(row('signatures ready ahead')[1]).toMatch(/^[1-9]\d* of \d+$/);
  expect(readdirSync(temporary.path)).toEqual([]);
}, 30_000);
