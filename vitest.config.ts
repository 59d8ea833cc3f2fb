import { existsSync, readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Resolve workspace packages to their TypeScript sources: tests never need a build. */
const conditions = ['@deltawire/source'];

const workspaces = ['packages', 'apps'].flatMap((dir) =>
  readdirSync(dir)
    .filter((name) => existsSync(`${dir}/${name}/package.json`))
    .map((name) => ({ name, root: `${dir}/${name}` })),
);

export default defineConfig({
  test: {
    coverage: {
      include: ['packages/*/src/**', 'apps/*/src/**'],
      exclude: ['**/*.wasm.ts'],
    },
    projects: [...workspaces, { name: 'repository', root: '.' }].map(({ name, root }) => ({
      root,
      resolve: { conditions },
      ssr: { resolve: { conditions, externalConditions: conditions } },
      test: {
        name,
        include: ['test/**/*.test.ts'],
        benchmark: { include: ['bench/**/*.bench.ts'] },
        // Many tests start programs: a busy machine needs its time.
        testTimeout: 30_000,
        hookTimeout: 30_000,
        // Inherited by worker threads and child processes started with process.execArgv.
        execArgv: conditions.map((condition) => `--conditions=${condition}`),
      },
    })),
  },
});
