import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@deltawire/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfinedRoot } from '../src/index.ts';

const directory = temporaryDirectory();
const root = join(directory.path, 'root');
for (const name of ['root/sub/deep', 'root/a', 'outside']) {
  mkdirSync(join(directory.path, name), { recursive: true });
}
writeFileSync(join(root, 'sub/file'), '');
const links = {
  out: '../outside',
  absolute: join(root, 'sub'),
  in: 'sub',
  'a/up': '../sub',
  'a/twice': 'up/deep',
  file: 'sub/file',
  loop: 'loop',
  'sub/deep/climbs': '../../../outside',
  dangling: 'nothing/there',
};
for (const [name, target] of Object.entries(links)) symlinkSync(target, join(root, name));
afterAll(() => directory.remove());

const check = (name: string, followLast = true): void =>
  new ConfinedRoot(root).check(join(root, name), followLast);
const eloop = expect.objectContaining({ code: 'ELOOP', errno: -40 });

describe('leads out', () => {
  test.each(['out', 'out/x', 'absolute', 'absolute/file', 'loop', 'sub/deep/climbs/x'])(
    '%s',
    (name) => {
      expect(() => check(name)).toThrow(eloop);
    },
  );

  test('a path that is elsewhere, or climbs', () => {
    const confined = new ConfinedRoot(root);
    expect(() => confined.check(directory.path, true)).toThrow(eloop);
    expect(() => confined.check(`${root}-not`, true)).toThrow(eloop);
    expect(() => confined.check(`${root}/sub/../../outside`, true)).toThrow(eloop);
  });
});

describe('stays', () => {
  test.each([
    '',
    'in',
    'in/file',
    'a/up/deep',
    'a/twice',
    'file',
    'dangling/x',
    'sub/deep',
    'new/x',
  ])('%s', (name) => {
    expect(() => check(name)).not.toThrow();
  });

  test.each(['out', 'absolute', 'loop'])('the link %s itself', (name) => {
    expect(() => check(name, false)).not.toThrow();
  });
});

test('what was missing is looked at again, and so is what a link leads to', () => {
  const confined = new ConfinedRoot(root);
  confined.check(`${root}/later/x`, false);
  symlinkSync('../outside', `${root}/later`);
  expect(() => confined.check(`${root}/later/x`, false)).toThrow(eloop);
  confined.check(`${root}/sub/deep/x`, false);
  expect(() => confined.check(`${root}/sub/deep/climbs/x`, false)).toThrow(eloop);
});
