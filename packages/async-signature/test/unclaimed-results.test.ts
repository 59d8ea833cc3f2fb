import { expect, test, vi } from 'vitest';
import { SignatureRequest } from '../src/request.ts';
import { UnclaimedResults } from '../src/unclaimed-results.ts';
import { requestFor } from './files.ts';

const request = (): SignatureRequest => new SignatureRequest(requestFor(0, 7000), 0, 0); // 60 bytes

test('bounds the results nobody asks for', () => {
  const released = vi.fn();
  const results = new UnclaimedResults(100, released);
  const [a, b] = [request(), request()];
  expect(results.allows(a)).toBe(true);
  results.hold(a);
  expect(results.bytes).toBe(60);
  expect(results.allows(b)).toBe(false);
  results.release(a);
  results.release(a);
  expect(results.bytes).toBe(0);
  expect(released).toHaveBeenCalledTimes(1);
});

test('always allows what somebody waits for, and one result of any size', () => {
  const results = new UnclaimedResults(10, () => {});
  const [a, b] = [request(), request()];
  expect(results.allows(a)).toBe(true);
  results.hold(a);
  b.claimed = true;
  expect(results.allows(b)).toBe(true);
  results.hold(b);
  expect(results.bytes).toBe(60);
  results.lift();
  expect(results.allows(request())).toBe(true);
});
