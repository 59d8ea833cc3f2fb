import { defineConfig, type Options } from 'tsup';

/** One build recipe for every package: ESM only, types come from tsc. */
export const lib = (options: Options): ReturnType<typeof defineConfig> =>
  defineConfig({
    entry: ['src/index.ts'],
    format: ['esm'],
    target: 'node22',
    platform: 'neutral',
    sourcemap: true,
    clean: true,
    dts: false,
    removeNodeProtocol: false,
    ...options,
  });
