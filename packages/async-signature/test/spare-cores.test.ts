import { expect, test } from 'vitest';
import { SpareCores } from '../src/spare-cores.ts';

/** A machine on which a thread at work is interrupted so many times in a second. */
function machine(most: number): {
  cores: SpareCores;
  work: (ms: number, perSecond: number) => void;
} {
  let interruptions = 1000;
  const cores = new SpareCores(most, () => interruptions, 8);
  return {
    cores,
    work: (ms, perSecond) => {
      for (let at = 0; at < ms; at += 10) {
        cores.learn(10);
        interruptions += perSecond / 100;
      }
    },
  };
}

test('threads become fewer where they are interrupted all the time, and one is left', () => {
  const { cores, work } = machine(4);
  expect(cores.threads).toBe(4);
  work(50, 400);
  expect(cores.threads).toBe(3);
  work(1000, 400);
  expect(cores.threads).toBe(1);
});

test('at first there are as many as leave a core to the caller', () => {
  expect(new SpareCores(4, () => 0, 3).threads).toBe(2);
  expect(new SpareCores(4, () => 0, 1).threads).toBe(1);
});

test('and more again when they are not', () => {
  const { cores, work } = machine(4);
  work(1000, 400);
  work(90, 0);
  expect(cores.threads).toBe(2);
  work(1000, 10);
  expect(cores.threads).toBe(4);
});

test('something now and then changes nothing', () => {
  const { cores, work } = machine(3);
  work(40, 400);
  work(1000, 150);
  expect(cores.threads).toBe(2);
});

test('a single thread is never counted', () => {
  const cores = new SpareCores(1, () => {
    throw new Error('counted');
  });
  cores.learn(1000);
  expect(cores.threads).toBe(1);
});

test('reads what this process has been through', () => {
  const cores = new SpareCores(2);
  cores.learn(100);
  cores.learn(100);
  expect([1, 2]).toContain(cores.threads);
});
