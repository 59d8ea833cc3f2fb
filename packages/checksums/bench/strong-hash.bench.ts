import { createHash } from 'node:crypto';
import { createMD4, createMD5, createXXHash128 } from 'hash-wasm';
import { test } from 'vitest';
import { createStrongHash } from '../src/strong-hash.ts';

const chunk = new Uint8Array(262144).map((_, i) => i * 7);

test('whole-file hashes, 256 KiB per update', async ({ bench }) => {
  const others = {
    md5: await createMD5(),
    md4: await createMD4(),
    xxh128: await createXXHash128(),
  };
  const ours = (['md5', 'md4', 'xxh128', 'sha1'] as const).map((name) => {
    const hash = createStrongHash(name);
    return bench(name, () => hash.update(chunk));
  });
  const theirs = Object.entries(others).map(([name, hash]) => {
    hash.init();
    return bench(`${name}, hash-wasm`, () => {
      hash.update(chunk);
    });
  });
  const native = (['md5', 'sha1'] as const).map((name) => {
    const hash = createHash(name);
    return bench(`${name}, node:crypto`, () => {
      hash.update(chunk);
    });
  });
  await bench.compare(...ours, ...theirs, ...native, { time: 200 });
});
