import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { announcedOutput, readmeExample, runExample } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { PARAMETERS } from '../packages/daemon/src/parameters.ts';
import { OPTION_TABLE } from '../packages/options/src/index.ts';

const root = new URL('../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');

test('the example of the library runs', async () => {
  const photos = { 'photos/cat.jpg': 'meow', 'photos/2024/dog.jpg': 'woof!' };
  const printed = await runExample(readmeExample(new URL('README.md', root)), photos);
  expect(printed).toContain('2024/dog.jpg\n');
  expect(printed).toContain('0 2 files, 9 new bytes\n');
}, 30_000);

test('the list of refused options is the one of the command line', () => {
  const [, list = ''] = /\*\*Refused\*\*([\s\S]*?)\n## /.exec(readme) ?? [];
  const named = [...list.matchAll(/`--([\w-]+)`/g)].map(([, name]) => name!);
  const refused = OPTION_TABLE.filter(({ status }) => status === 'refused');
  expect(named.sort()).toEqual(refused.map(({ name }) => name).sort());
});

test('the daemon’s parameters are those of its table', () => {
  const names = (text: string): string[] => [...text.matchAll(/`([a-z -]+)`/g)].map(([, n]) => n!);
  const [refused = ''] = /Of the daemon's parameters[^.]*refused/.exec(readme) ?? [];
  const wanted = (honoured: boolean): string[] =>
    PARAMETERS.filter((p) => p.honoured === honoured).map(({ name }) => name);
  expect(names(refused).sort()).toEqual(wanted(false).sort());
  const page = readFileSync(new URL('packages/daemon/README.md', root), 'utf8');
  const [, section = ''] = /## Parameters\n([\s\S]*?)\n## /.exec(page) ?? [];
  const named = names(section);
  expect(wanted(true).filter((name) => !named.includes(name))).toEqual([]);
});

const libraries = readdirSync(new URL('packages', root)).filter(
  (name) => name !== 'testkit' && existsSync(new URL(`packages/${name}/README.md`, root)),
);

test.each(libraries)('%s exports what the table of its README names', (name) => {
  const page = readFileSync(new URL(`packages/${name}/README.md`, root), 'utf8');
  const index = readFileSync(new URL(`packages/${name}/src/index.ts`, root), 'utf8');
  const [, table = ''] = /\n## API\n([\s\S]*?)(?=\n## |$)/.exec(page) ?? [];
  const cells = [...table.matchAll(/^\|([^|]*)\|/gm)].map(([, cell]) => cell!);
  // Methods are named as of a variable, `pool.sign(…)`, families as `read…`.
  const names = cells
    .flatMap((cell) => [...cell.matchAll(/`([A-Za-z]\w*)(?![\w…])(?!\.\w+\()/g)].map(([, n]) => n!))
    .filter((word) => word !== '');
  expect(names.length).toBeGreaterThan(1);
  expect(names.filter((word) => !new RegExp(`\\b${word}\\b`).test(index))).toEqual([]);
});

/** Packages whose README has a program that needs nothing from around it. */
const selfContained = libraries.filter(
  (name) => !existsSync(new URL(`packages/${name}/test/readme.test.ts`, root)),
);

test.each(selfContained)(
  'the example of %s prints what it says',
  async (name) => {
    const example = readmeExample(new URL(`packages/${name}/README.md`, root));
    const announced = announcedOutput(example);
    expect(announced).not.toBe('');
    expect(await runExample(example)).toBe(announced);
  },
  30_000,
);
