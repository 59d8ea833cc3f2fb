import { lchownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { isRoot, TrustedPaths } from '../src/index.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'trusted-paths-')));
afterAll(() => rmSync(root, { recursive: true }));
const at = (path: string): string => join(root, path);
mkdirSync(at('real/below'), { recursive: true });
mkdirSync(at('bound'));
symlinkSync('real', at('own'));
symlinkSync('../real', at('bound/out'));
symlinkSync(at('own/below'), at('own-twice'));

const told: string[] = [];
afterEach(() => {
  told.length = 0;
});
const paths = (insecure: boolean, confineRoot?: string): TrustedPaths =>
  new TrustedPaths({ insecure, confineRoot, onUntrusted: (line) => told.push(line) });
const ELOOP = expect.objectContaining({ code: 'ELOOP' }) as Error;

test('own links are followed, and what is not there is for others to say', () => {
  for (const path of ['own/below/f', 'own-twice', 'none/at/all', 'own/../bound', 'real/below/']) {
    paths(false).check(at(path), true);
  }
});

test.skipIf(!isRoot())('links of others are refused, unless that is wanted', () => {
  symlinkSync('real', at('planted'));
  lchownSync(at('planted'), 65_534, 65_534);
  expect(() => paths(false).check(at('planted/below'), true)).toThrow(ELOOP);
  expect(told).toEqual([expect.stringContaining('owned by an untrusted user')]);
  expect(() => paths(false).check(at('planted'), true)).toThrow(ELOOP);
  paths(false).check(at('planted'), false);
  paths(true).check(at('planted/below'), true);
});

test('a bound', () => {
  const bounded = paths(false, `${at('bound')}/`);
  for (const inside of ['bound', 'bound/x/y', 'bound/out/../bound/z'])
    bounded.check(at(inside), true);
  expect(() => bounded.check(at('bound/out'), true)).toThrow(ELOOP);
  expect(() => bounded.check(at('bounded'), true)).toThrow(ELOOP);
  expect(() => bounded.check(at('bound/../real'), true)).toThrow(ELOOP);
  expect(told).toEqual([]);
  bounded.check(at('bound/out'), false);
  bounded.check(at('real'), true, false);
  paths(false, '/').check(at('real'), true);
});
