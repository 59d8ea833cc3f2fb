import { afterAll, expect, test } from 'vitest';
import { DEBUG_FAMILY, INFO_FAMILY, resolveLevels, verbosityHelp } from '../src/index.ts';
import { addVerbosityWords, infoArgument } from '../src/verbosity.ts';
import { RealRsync } from './real-rsync.ts';

const real = new RealRsync();
afterAll(() => real[Symbol.dispose]());

test('the help texts are the real ones', async () => {
  for (const family of [INFO_FAMILY, DEBUG_FAMILY]) {
    const { stdout } = await real.run([`${family.option}=help`]);
    expect(verbosityHelp(family)).toBe(stdout);
  }
});

test('-v implies levels, and explicit words win', () => {
  expect(resolveLevels(INFO_FAMILY, 0, {})).toEqual({ nonreg: 1 });
  expect(resolveLevels(INFO_FAMILY, 1, { name: 0 }, { stats: 2, progress: 1 })).toEqual({
    nonreg: 1,
    copy: 1,
    del: 1,
    flist: 1,
    misc: 1,
    name: 0,
    progress: 1,
    stats: 2,
    symsafe: 1,
  });
  expect(resolveLevels(INFO_FAMILY, 9, {})).toMatchObject({ name: 2, misc: 2, skip: 1 });
  expect(resolveLevels(DEBUG_FAMILY, 5, {})).toMatchObject({ deltasum: 4, hash: 1, cmd: 2 });
});

test('words take levels up to 4, in any case', () => {
  const levels: Record<string, number> = {};
  expect(addVerbosityWords(INFO_FAMILY, 'Name,,del0,STATS9,skip002', levels, false)).toBe(false);
  expect(levels).toEqual({ name: 1, del: 0, stats: 4, skip: 2 });
  expect(addVerbosityWords(INFO_FAMILY, 'name,help,bogus', levels, false)).toBe(true);
});

test('a level that most words of a role have is said once', () => {
  const levels = (list: string): Record<string, number> => {
    const explicit: Record<string, number> = {};
    addVerbosityWords(INFO_FAMILY, list, explicit, false);
    return explicit;
  };
  expect(infoArgument({}, 'sender')).toBeUndefined();
  expect(infoArgument(levels('skip,flist2'), 'sender')).toBeUndefined();
  expect(infoArgument(levels('all3,name'), 'receiver')).toBe('--info=ALL3,NAME');
  expect(infoArgument(levels('none,name,misc'), 'sender')).toBe(
    '--info=MISC,MOUNT0,NAME,REMOVE0,STATS0,SYMSAFE0',
  );
});
