import { readFileSync } from 'node:fs';
import { parseCommandLine } from '@deltawire/options';
import { compareTrees, makeTree, temporaryDirectory } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { runProgram } from './program.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const [, block = ''] = /## Use[\s\S]*?```sh\n([\s\S]*?)```/.exec(readme) ?? [];
const commands = block
  .split('\n')
  .map((line) => line.replace(/\s*#.*$/, '').split(' '))
  .filter(([program]) => program === 'deltawire')
  .map(([, ...args]) => args);

test('the local copy of the README', () => {
  using directory = temporaryDirectory();
  const source = directory.join('src');
  makeTree(source, { 'a/b': 'content', link: { link: 'a' } });
  makeTree(directory.join('backup'), { old: 'gone tomorrow' });
  const local = commands.find((args) => args.includes('backup/'))!;
  expect(runProgram(directory.path, local)).toMatchObject({ status: 0, stderr: '' });
  expect(compareTrees(source, directory.join('backup'))).toEqual([]);
});

test.each(commands.filter((args) => args[0] !== 'demo'))('%j %j … is understood', (...args) => {
  expect(() => parseCommandLine(args, {})).not.toThrow();
});
