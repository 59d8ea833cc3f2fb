import { expect, test } from 'vitest';
import { parseCommandLine, parseServerArguments, type RsyncOptions } from '../src/index.ts';

const parse = (line: string, env: Record<string, string> = {}): RsyncOptions =>
  parseCommandLine(line.split(' '), env).options;

test('--files-from implies --relative and --dirs, and cancels the recursion of -a only', () => {
  const implied = { recursive: false, relative: true, dirs: true, dirsRequested: false };
  expect(parse('-a --files-from=x a b')).toMatchObject(implied);
  expect(parse('-ar --files-from=x a b').recursive).toBe(true);
  expect(parse('-a --files-from=x --no-R --no-d a b')).toMatchObject({
    relative: false,
    dirs: false,
  });
});

test('a missing destination lists', () => {
  expect(parse('a')).toMatchObject({ listOnly: true, listOnlyRequested: false, dirs: true });
  expect(parse('-r a').dirs).toBe(true);
  expect(parse('--no-d a').dirs).toBe(false);
  expect(parse('a b').listOnly).toBe(false);
  expect(parse('--list-only a b')).toMatchObject({ listOnly: true, listOnlyRequested: true });
});

test('deletion', () => {
  expect(parse('-r --delete a b').deleteMode).toBe('default');
  expect(parse('-r --delete-excluded a b')).toMatchObject({
    deleteMode: 'default',
    deleteExcluded: true,
  });
  expect(parse('-r --delete --delete-after a b').deleteMode).toBe('after');
});

test('--inplace implies --partial, --cc=none implies --whole-file', () => {
  expect(parse('--inplace a b').partial).toBe(true);
  expect(parse('--cc=none a b').wholeFile).toBe(true);
  expect(parse('--cc=md5,none a b').wholeFile).toBeUndefined();
});

test('output levels', () => {
  expect(parse('--progress --stats a b').infoLevels).toEqual({
    nonreg: 1,
    name: 1,
    flist: 2,
    progress: 1,
    stats: 2,
  });
  expect(parse('--progress --info=name0 a b').infoLevels.name).toBe(0);
  expect(parse('-v --stats a b').infoLevels.stats).toBe(2);
});

test('the environment is for clients', () => {
  expect(parse('a b', { RSYNC_PROTECT_ARGS: '1' }).secludedArgs).toBe(true);
  expect(parse('a b', { RSYNC_OLD_ARGS: '3' }).oldArgs).toBe(2);
  expect(parse('--server . b', { RSYNC_PROTECT_ARGS: '1' }).secludedArgs).toBe(false);
});

test('a server is not told what is implied, and finds out itself', () => {
  const server = parseServerArguments('--server -de.LsfxCIvu --no-r --delete . d'.split(' '));
  expect(server).toMatchObject({ recursive: false, dirs: true, deleteMode: 'default' });
});
