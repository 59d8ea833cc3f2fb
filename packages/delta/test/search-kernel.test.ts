import { expect, test } from 'vitest';
import { hasSimd, isKernelReady, returnKernel, takeKernel } from '../src/search-kernel.ts';

test('is compiled on first use, not on import', () => {
  expect(hasSimd()).toBe(true);
  expect(isKernelReady()).toBe(false);
  takeKernel(1000);
  expect(isKernelReady()).toBe(true);
});

test('gives everybody an instance of their own, and uses returned ones again', () => {
  const a = takeKernel(1000);
  const b = takeKernel(1000);
  expect(a).not.toBe(b);
  returnKernel(a);
  expect(takeKernel(5_000_000)).toBe(a);
  expect(a.memory.buffer.byteLength).toBeGreaterThan(5_000_000);
});

test('lets large instances go', () => {
  const large = takeKernel(20_000_000);
  returnKernel(large);
  expect(takeKernel(1)).not.toBe(large);
});
