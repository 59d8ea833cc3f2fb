import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fifo } from '../src/fifo.ts';

test('gives back what it got, in order, whatever the mixture', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(), fc.constant('shift'), fc.constant('all'))), (steps) => {
      const queue = new Fifo<number>();
      const model: number[] = [];
      for (const step of steps) {
        if (typeof step === 'number') {
          queue.push(step);
          model.push(step);
        } else if (step === 'shift') {
          expect(queue.shift()).toBe(model.shift());
        } else {
          expect(queue.takeAll()).toEqual(model.splice(0));
        }
        expect(queue.length).toBe(model.length);
      }
    }),
  );
});

test('many items cost no more each than few', () => {
  const queue = new Fifo<number>();
  for (let i = 0; i < 300_000; i++) queue.push(i);
  const since = performance.now();
  for (let i = 0; i < 300_000; i++) {
    if (queue.shift() !== i) throw new Error('out of order');
  }
  // With an array's own shift this takes most of a minute.
  expect(performance.now() - since).toBeLessThan(2000);
  expect(queue.shift()).toBeUndefined();
});
