import { expect, test, vi } from 'vitest';
import { createKernel, hasSimd, STAGE_BYTES, workbench } from '../src/kernel.ts';

test('this runtime has SIMD, so the fast variant is what the other tests ran', () => {
  expect(hasSimd()).toBe(true);
});

test.each(['simd', 'scalar'] as const)(
  '%s: memory is large enough for the work area',
  (variant) => {
    const { kernel, work } = createKernel(3_000_000, variant);
    expect(work % 64).toBe(0);
    expect(kernel.memory.buffer.byteLength).toBeGreaterThanOrEqual(work + 3_000_000);
  },
);

test('the workbench is made once', () => {
  expect(workbench()).toBe(workbench());
  expect(workbench().stage.length).toBe(STAGE_BYTES);
});

test('nothing is compiled before the first use', async () => {
  vi.resetModules();
  const compile = vi.spyOn(WebAssembly, 'Module');
  const { createStrongHash, weakSum } = await import('../src/index.ts');
  const hash = createStrongHash('md5');
  weakSum(new Uint8Array(10));
  expect(compile).toHaveBeenCalledTimes(0);
  hash.update(new Uint8Array(10));
  hash.digest();
  weakSum(new Uint8Array(1000));
  expect(compile).toHaveBeenCalledTimes(1);
});
