import { expect, test } from 'vitest';
import { type CoreTimes, IdleCores } from '../../src/pipeline/idle-cores.ts';

test('counts the cores that had nothing to do since the last look', () => {
  let times: CoreTimes = { idle: 5000, total: 10_000, cores: 4 };
  const idle = new IdleCores(() => times);
  times = { idle: 5100, total: 10_400, cores: 4 };
  expect(idle.look()).toBe(1);
  times = { idle: 5100, total: 10_800, cores: 4 };
  expect(idle.look()).toBe(0);
});

test('says nothing after too short a time, and goes on counting', () => {
  let times: CoreTimes = { idle: 0, total: 0, cores: 2 };
  const idle = new IdleCores(() => times);
  times = { idle: 40, total: 40, cores: 2 };
  expect(idle.look()).toBeUndefined();
  times = { idle: 60, total: 120, cores: 2 };
  expect(idle.look()).toBe(1);
});

test('reads the clocks of this machine', async () => {
  const idle = new IdleCores();
  const until = performance.now() + 60;
  while (performance.now() < until);
  expect(idle.look() ?? 0).toBeGreaterThanOrEqual(0);
});
