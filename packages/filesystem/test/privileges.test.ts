import { expect, test } from 'vitest';
import { groupsOfProcess, isRoot, processIds, processUmask } from '../src/privileges.ts';

test('describes the process', () => {
  expect(isRoot()).toBe(process.geteuid?.() === 0);
  expect(processIds()).toEqual({ uid: process.geteuid?.(), gid: process.getegid?.() });
  expect(groupsOfProcess().has(processIds().gid)).toBe(true);
  expect(processUmask()).toBe(process.umask());
});
