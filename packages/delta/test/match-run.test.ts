import { expect, test } from 'vitest';
import { MatchRun } from '../src/match-run.ts';

test('joins consecutive blocks', () => {
  const run = new MatchRun(700);
  expect(run.accepts(5)).toBe(true);
  run.add(5);
  expect([run.accepts(6), run.accepts(5), run.accepts(7)]).toEqual([true, false, false]);
  run.add(6);
  expect(run.take()).toEqual({ kind: 'match', block: 5, count: 2 });
  expect(run.count).toBe(0);
});

test('is full after 4 MiB, but takes one block of any length', () => {
  const run = new MatchRun(3 << 20);
  run.add(0);
  expect(run.accepts(1)).toBe(false);
  expect(new MatchRun(1 << 29).accepts(0)).toBe(true);
});

test('takes as much of a run as fits', () => {
  const run = new MatchRun(1 << 20);
  expect([run.add(5, 3), run.add(8, 3)]).toEqual([3, 1]);
  expect(run.take()).toEqual({ kind: 'match', block: 5, count: 4 });
});
