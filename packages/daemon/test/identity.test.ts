import { expect, test } from 'vitest';
import {
  daemonIdentity,
  findUser,
  groupNamesOf,
  moduleIdentity,
  splitList,
} from '../src/identity.ts';

test('lists are split on spaces and commas, or on commas only', () => {
  expect(splitList('a, b c')).toEqual(['a', 'b', 'c']);
  expect(splitList(',a b, c')).toEqual(['a b', 'c']);
  expect(splitList('')).toEqual([]);
});

test('the system knows root', () => {
  expect(findUser('root')).toMatchObject({ uid: 0, gid: 0 });
  expect(groupNamesOf('root')).toContain('root');
  expect(groupNamesOf('no such user')).toEqual([]);
});

test('somebody who is not root is asked to be who they are', () => {
  expect(moduleIdentity('', '', false)).toBeUndefined();
  expect(moduleIdentity('12', '34 56', false)).toMatchObject({ uid: 12, gid: 34 });
  expect(moduleIdentity('12', '', false)).toMatchObject({ uid: 12, gid: process.getgid?.() });
  expect(() => moduleIdentity('nosuch', '', false)).toThrow('invalid uid nosuch');
});

test('the daemon itself may be somebody', () => {
  expect(daemonIdentity('', '')).toBeUndefined();
  expect(daemonIdentity('12', '34')).toEqual({ uid: 12, gid: 34, groups: [34] });
  expect(daemonIdentity('', '34')).toMatchObject({ uid: process.getuid?.(), gid: 34 });
  expect(() => daemonIdentity('nosuch', '')).toThrow('invalid uid nosuch');
});

test('root becomes nobody unless told otherwise', () => {
  const nobody = findUser('nobody');
  expect(moduleIdentity('', '', true)).toEqual({
    uid: nobody?.uid,
    gid: nobody?.gid,
    groups: [nobody?.gid],
  });
  expect(moduleIdentity('0', '12 34', true)).toEqual({ uid: 0, gid: 12, groups: [12, 34] });
  expect(moduleIdentity('root', '*', true)).toMatchObject({ uid: 0, gid: 0 });
});

test('unknown names are refused with the words for the peer', () => {
  expect(() => moduleIdentity('no such', '', true)).toThrow('invalid uid no such');
  expect(() => moduleIdentity('0', 'nosuch', true)).toThrow('invalid gid nosuch');
  expect(() => moduleIdentity('0', '1 *', true)).toThrow('invalid gid setting.');
});
