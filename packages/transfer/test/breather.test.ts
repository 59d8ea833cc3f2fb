import { expect, test } from 'vitest';
import { Bell, Breather } from '../src/breather.ts';

test('a pause is due after a stretch of work, and lets timers run', async () => {
  const breather = new Breather();
  expect(breather.due).toBe(false);
  const start = performance.now();
  while (performance.now() - start < 8);
  expect(breather.due).toBe(true);
  let ran = false;
  setImmediate(() => {
    ran = true;
  });
  await breather.pause();
  expect(ran).toBe(true);
  expect(breather.due).toBe(false);
});

test('a bell wakes everybody who waits, once', async () => {
  const bell = new Bell();
  const woken: number[] = [];
  const wait = async (who: number): Promise<void> => {
    await bell.wait();
    woken.push(who);
  };
  const both = Promise.all([wait(1), wait(2)]);
  bell.ring();
  await both;
  expect(woken).toEqual([1, 2]);
  const third = wait(3);
  await new Promise((resolve) => setImmediate(resolve));
  expect(woken).toEqual([1, 2]);
  bell.ring();
  await third;
});

test('a bell that fails rejects present and later waits with the first reason', async () => {
  const bell = new Bell();
  const waiting = bell.wait();
  bell.fail(new Error('first'));
  bell.fail(new Error('second'));
  await expect(waiting).rejects.toThrow('first');
  await expect(bell.wait()).rejects.toThrow('first');
  bell.ring();
});
