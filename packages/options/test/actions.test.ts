import { expect, test } from 'vitest';
import { parseCommandLine, type RsyncOptions } from '../src/index.ts';

const parse = (line: string): RsyncOptions =>
  parseCommandLine([...line.split(' '), 'a', 'b'], {}).options;

test('-a and its parts', () => {
  const parts = { links: true, perms: true, times: true, group: true, owner: true };
  expect(parse('-a')).toMatchObject({ ...parts, recursive: true, devices: true, specials: true });
  expect(parse('-a --no-D --no-l')).toMatchObject({
    devices: false,
    specials: false,
    links: false,
  });
  expect(parse('-D')).toMatchObject({ devices: true, specials: true, perms: false });
});

test('-P', () => {
  expect(parse('-P')).toMatchObject({ partial: true, progress: true });
  expect(parse('-P --no-partial')).toMatchObject({ partial: false, progress: true });
});

test('-h goes up to 3, --no-h means plain digits', () => {
  expect(['-v', '-h', '-hh', '-hhhh', '-h --no-h', '--no-h -h'].map((l) => parse(l).human)).toEqual(
    [1, 2, 3, 3, 0, 1],
  );
});

test('--stderr may be shortened', () => {
  expect(
    ['e', 'errors', 'a', 'al', 'client'].map((m) => parse(`--stderr=${m}`).msgs2stderr),
  ).toEqual([undefined, undefined, true, true, false]);
});

test('--chmod is collected', () => {
  expect(parse('--chmod=u+x --chmod=Dg-w,F644').chmod).toBe('u+x,Dg-w,F644');
});

test('the later of --delete-during and --delete-delay counts', () => {
  expect(parse('-r --del --delete-delay').deleteMode).toBe('delay');
  expect(parse('-r --delete-delay --del --delete').deleteMode).toBe('during');
});

test('a negative --max-delete is 0', () => {
  expect(['-v', '--max-delete=-3', '--max-delete=5'].map((l) => parse(l).maxDelete)).toEqual([
    -1, 0, 5,
  ]);
});
