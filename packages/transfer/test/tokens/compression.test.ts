import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadCompression } from '../../src/tokens/compression.ts';

test('codecs are closed with the compression', async () => {
  const compression = await loadCompression('zlib', 6);
  const compressor = compression.createCompressor();
  compressor.startFile();
  compression.close();
  expect(() => compressor.literal(Buffer.from('x'), () => {})).toThrow();
  compression.close();
});

test('only its own errors are errors of the data', async () => {
  const compression = await loadCompression('lz4', 0);
  let error: unknown;
  try {
    compression.createDecompressor().record(new Uint8Array(0), () => {});
  } catch (caught) {
    error = caught;
  }
  expect(compression.isDataError(error)).toBe(true);
  expect(compression.isDataError(new Error('other'))).toBe(false);
  compression.close();
});

test('nothing of it is loaded before it is used', () => {
  const root = new URL('../../../', import.meta.url);
  const sources = ['options', 'transfer', 'client', 'daemon', '../apps/cli'].flatMap((name) =>
    readdirSync(new URL(`${name}/src`, root), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(new URL(`${name}/src/${file}`, root), 'utf8')),
  );
  const imports = sources.flatMap((code) => [
    ...code.matchAll(
      /^(?:import|export) (?!type )[^;]*? from '(?:@deltawire\/compression|minizlib|node:zlib)'/gm,
    ),
  ]);
  expect(imports.map(([statement]) => statement)).toEqual([]);
  expect(sources.some((code) => /import\(\s*'@deltawire\/compression'/.test(code))).toBe(true);
});
