import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { removeTree } from '../src/remove-tree.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test('removes a tree and never what links in it lead to', () => {
  const at = temporaryDirectory();
  mkdirSync(`${at}/tree/a/b`, { recursive: true });
  mkdirSync(`${at}/outside`);
  writeFileSync(`${at}/outside/keep`, '');
  writeFileSync(`${at}/tree/a/b/f`, '');
  symlinkSync('../outside', `${at}/tree/link`);
  removeTree(`${at}/tree`);
  expect(existsSync(`${at}/tree`)).toBe(false);
  expect(existsSync(`${at}/outside/keep`)).toBe(true);
});

test('removes a link itself and accepts a missing path', () => {
  const at = temporaryDirectory();
  mkdirSync(`${at}/d`);
  symlinkSync('d', `${at}/l`);
  removeTree(`${at}/l`);
  removeTree(`${at}/l`);
  expect(existsSync(`${at}/d`)).toBe(true);
});

test('depth is not limited by the call stack', () => {
  const at = temporaryDirectory();
  mkdirSync(at + '/d'.repeat(400), { recursive: true });
  removeTree(`${at}/d`);
  expect(existsSync(`${at}/d`)).toBe(false);
});
