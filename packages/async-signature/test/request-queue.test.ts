import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SignatureRequest } from '../src/request.ts';
import { isSooner, RequestQueue } from '../src/request-queue.ts';
import { requestFor } from './files.ts';

function request(sequence: number, priority: number, length = 1): SignatureRequest {
  return new SignatureRequest(requestFor(0, length), sequence, priority);
}

test('gives requests by priority, equals in the order of asking, whatever happens in between', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), priority: fc.integer({ min: 0, max: 4 }) }),
    fc.record({ kind: fc.constant('take' as const) }),
    fc.record({ kind: fc.constant('remove' as const), at: fc.nat() }),
    fc.record({
      kind: fc.constant('raise' as const),
      at: fc.nat(),
      priority: fc.integer({ min: 0, max: 4 }),
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = new RequestQueue(1000, 1e9);
      const model: SignatureRequest[] = [];
      for (const [i, s] of steps.entries()) {
        const at = 'at' in s && model.length > 0 ? s.at % model.length : undefined;
        if (s.kind === 'add') {
          const added = request(i, s.priority, i);
          model.push(added);
          queue.add(added);
        } else if (s.kind === 'take') {
          const first = queue.first();
          expect(first).toBe(model.toSorted((a, b) => (isSooner(a, b) ? -1 : 1))[0]);
          if (first === undefined) continue;
          queue.remove(first);
          model.splice(model.indexOf(first), 1);
        } else if (at !== undefined) {
          const chosen = model[at]!;
          if (s.kind === 'remove') queue.remove(model.splice(at, 1)[0]!);
          else {
            chosen.priority = s.priority;
            queue.reorder(chosen);
          }
        }
        expect(queue.length).toBe(model.length);
        expect(queue.bytes).toBe(model.reduce((sum, r) => sum + r.layout.fileLength, 0));
        expect(new Set(queue)).toEqual(new Set(model));
      }
    }),
    { numRuns: 60 },
  );
});

test('is full by number and by bytes, but never too full for one file', () => {
  const queue = new RequestQueue(2, 1000);
  expect(queue.hasRoom(5000)).toBe(true);
  queue.add(request(0, 0, 900));
  expect(queue.hasRoom(100)).toBe(true);
  expect(queue.hasRoom(101)).toBe(false);
  queue.add(request(1, 0, 1));
  expect(queue.hasRoom(0)).toBe(false);
});

test('ignores the removal of a request it does not have', () => {
  const queue = new RequestQueue(2, 1000);
  queue.add(request(0, 0));
  queue.remove(request(1, 0));
  expect(queue.length).toBe(1);
});
