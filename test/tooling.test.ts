import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const exists = (path: string): boolean => existsSync(new URL(path, root));

const manifest = JSON.parse(read('package.json'));
const workspaces = ['packages', 'apps']
  .flatMap((group) => readdirSync(new URL(group, root)).map((name) => `${group}/${name}`))
  .filter((path) => exists(`${path}/package.json`))
  .map((path) => ({ path, manifest: JSON.parse(read(`${path}/package.json`)) }));
const published = workspaces.filter((workspace) => workspace.manifest.private !== true);

test('scripts run on the Node that is installed as a dependency', () => {
  const nodeVersion = /^nodeVersion: (.+)$/m.exec(read('pnpm-workspace.yaml'))?.[1];
  expect(manifest.devDependencies.node).toBe(nodeVersion);
});

test('every command names the pnpm of package.json', () => {
  const files = ['README.md', 'CONTRIBUTING.md', 'docs/releasing.md', '.ci/run'].concat(
    readdirSync(new URL('.github/workflows', root)).map((name) => `.github/workflows/${name}`),
  );
  for (const file of files.filter(exists)) {
    for (const [version] of read(file).matchAll(/pnpm@[\d.]+/g)) {
      expect(version, file).toBe(manifest.packageManager);
    }
  }
});

test.each(published)('$path is ready to be published', ({ path, manifest: own }) => {
  expect(own).toMatchObject({
    license: 'MIT',
    type: 'module',
    files: own.bin === undefined ? ['dist'] : ['dist', 'man', 'completions'],
    engines: { node: '>=22.15' },
  });
  expect(own.description).toBeTypeOf('string');
  expect(exists(`${path}/README.md`), 'README.md').toBe(true);
  if (own.bin === undefined) {
    expect(own.sideEffects).toBe(false);
    expect(Object.keys(own.exports)).toEqual(['.', './package.json']);
    expect(exists(`${path}/test/exports.test.ts`), 'test/exports.test.ts').toBe(true);
  }
});

test.each(published)('src/index.ts of $path only re-exports', ({ path }) => {
  if (!exists(`${path}/src/index.ts`)) return;
  const code = read(`${path}/src/index.ts`).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  expect(code.replace(/export (type )?\{[^}]*\} from '[^']+';/g, '').trim()).toBe('');
});

test('relative links in documents lead to files', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md']
    .concat(readdirSync(new URL('docs', root)).map((name) => `docs/${name}`))
    .concat(workspaces.map(({ path }) => `${path}/README.md`))
    .filter((page) => page.endsWith('.md') && exists(page));
  const broken: string[] = [];
  for (const page of pages) {
    for (const [, link = ''] of read(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)) {
      if (!existsSync(new URL(link, new URL(page, root)))) broken.push(`${page}: ${link}`);
    }
  }
  expect(broken).toEqual([]);
});
