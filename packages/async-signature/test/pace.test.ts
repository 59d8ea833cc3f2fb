import { expect, test } from 'vitest';
import { Pace } from '../src/pace.ts';

test('makes batches larger while they are short, up to a bound', () => {
  const pace = new Pace();
  for (let i = 0; i < 10; i++) pace.learn(1, pace.batchBytes, 10);
  expect([pace.batchBytes, pace.batchFiles]).toEqual([8 << 20, 256]);
});

test('makes batches smaller on a slow disk, down to one file', () => {
  const pace = new Pace();
  for (let i = 0; i < 10; i++) pace.learn(500, 1 << 20, 2);
  expect([pace.batchBytes, pace.batchFiles]).toEqual([256 << 10, 1]);
});

test('learns nothing about the size from one large file or a nearly empty batch', () => {
  const pace = new Pace();
  pace.learn(900, 1 << 30, 1);
  pace.learn(0.1, 700, 1);
  expect([pace.batchBytes, pace.batchFiles]).toEqual([1 << 20, 64]);
});

test('wants more threads for more or slower work', () => {
  const pace = new Pace();
  expect(pace.threadsFor(0, 0)).toBe(1);
  expect(pace.threadsFor(50 << 20, 10)).toBe(3);
  for (let i = 0; i < 30; i++) pace.learn(10, 1 << 14, 1); // 10 ms for a small file: a cold disk
  expect(pace.threadsFor(1 << 18, 16)).toBeGreaterThan(4);
});
