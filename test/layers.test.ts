import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

interface Row {
  readonly dependencies: string[];
  readonly thirdParty: string[];
}

/** The table of docs/architecture.md: the page and the packages must say the same. */
function readTable(): Map<string, Row> {
  const rows = new Map<string, Row>();
  const names = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((m) => m[1]!);
  for (const line of read('docs/architecture.md').split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    if (cells.length !== 6 || !/^`[a-z-]+`$/.test(cells[1]!)) continue;
    rows.set(names(cells[1]!)[0]!, {
      dependencies: names(cells[3]!),
      thirdParty: names(cells[4]!),
    });
  }
  return rows;
}

/** Lowest first; nothing may depend on its own layer or a higher one. */
const layers = [
  ['checksums', 'protocol', 'filters', 'options', 'compression', 'filesystem'],
  ['signature', 'file-list'],
  ['delta', 'async-signature'],
  ['transfer'],
  ['client', 'daemon'],
  ['cli'],
];
const layerOf = (name: string): number => layers.findIndex((layer) => layer.includes(name));

const pure = ['checksums', 'protocol', 'filters', 'options', 'signature', 'delta'];

const table = readTable();
const workspaces = ['packages', 'apps'].flatMap((group) =>
  readdirSync(new URL(group, root))
    .filter((name) => existsSync(new URL(`${group}/${name}/package.json`, root)))
    .map((name) => ({ name, path: `${group}/${name}` })),
);

test('the table names every package', () => {
  const names = workspaces.map(({ name }) => name).sort();
  expect([...table.keys()].sort()).toEqual(names);
  expect([...layers.flat(), 'testkit'].sort()).toEqual(names);
});

test('the table’s arrows go down', () => {
  for (const [name, { dependencies }] of table) {
    const notBelow = dependencies.filter((other) => layerOf(other) >= layerOf(name));
    expect(notBelow, `dependencies of ${name}`).toEqual([]);
  }
});

test.each(workspaces)('$name depends on what the table allows', ({ name, path }) => {
  const manifest = JSON.parse(read(`${path}/package.json`));
  const declared = Object.keys({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  });
  const isOurs = (dependency: string): boolean => dependency.startsWith('@deltawire/');
  const ours = declared.filter(isOurs).map((dependency) => dependency.slice('@deltawire/'.length));
  expect(ours.sort()).toEqual([...table.get(name)!.dependencies].sort());
  expect(declared.filter((d) => !isOurs(d)).sort()).toEqual(
    [...table.get(name)!.thirdParty].sort(),
  );
});

test.each(pure)('%s knows nothing of Node', (name) => {
  const build = JSON.parse(read(`packages/${name}/tsconfig.build.json`));
  expect(build.compilerOptions.types).toEqual([]);
  const files = readdirSync(new URL(`packages/${name}/src`, root), { recursive: true })
    .map((file) => `packages/${name}/src/${file}`)
    .filter((file) => file.endsWith('.ts'));
  expect(files.filter((file) => /from 'node:|import\('node:/.test(read(file)))).toEqual([]);
});
