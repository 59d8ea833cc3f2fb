import { expect, test, vi } from 'vitest';
import { SignatureRequest } from '../src/request.ts';
import { requestFor } from './files.ts';

const signature = (request: SignatureRequest) => ({
  layout: request.layout,
  weak: new Uint32Array(1),
  strong: new Uint8Array(2),
});

test('its promise tells once that somebody asks for the result', async () => {
  const request = new SignatureRequest(requestFor(0, 5000), 0, 0);
  const claim = vi.fn();
  request.promise.onClaim = claim;
  request.settle(signature(request));
  await Promise.resolve();
  expect(claim).not.toHaveBeenCalled();
  await expect(request.promise).resolves.toMatchObject({ layout: request.layout });
  await Promise.all([request.promise]);
  expect(claim).toHaveBeenCalledTimes(1);
});

test('promises derived from it are ordinary', () => {
  const request = new SignatureRequest(requestFor(0, 1), 0, 0);
  expect(request.promise.finally(() => {}).constructor).toBe(Promise);
  request.settle(signature(request));
});

test('a failure nobody asks about is not an unhandled rejection', async () => {
  const seen = vi.fn();
  process.on('unhandledRejection', seen);
  const request = new SignatureRequest(requestFor(0, 1), 0, 0);
  request.settle(new Error('unread'));
  await new Promise((resolve) => setTimeout(resolve, 5));
  process.off('unhandledRejection', seen);
  expect(seen).not.toHaveBeenCalled();
});

test('knows the size of its result', () => {
  const request = new SignatureRequest(requestFor(0, 7000), 0, 0);
  expect(request.resultBytes).toBe(10 * (4 + 2));
});

test('stops listening to the signal when settled', () => {
  const controller = new AbortController();
  const abort = vi.fn();
  const request = new SignatureRequest(requestFor(0, 1), 0, 0);
  request.watch(controller.signal, abort);
  request.settle(signature(request));
  controller.abort();
  expect(abort).not.toHaveBeenCalled();
});
