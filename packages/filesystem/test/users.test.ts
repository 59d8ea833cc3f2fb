import { expect, test } from 'vitest';
import {
  groupId,
  groupName,
  hasOtherSources,
  parseNameTable,
  userId,
  userName,
} from '../src/users.ts';

test('knows root, and that nobody has an absurd number', () => {
  expect(userName(0)).toBe('root');
  expect(userId('root')).toBe(0);
  expect(groupName(0)).toBeTypeOf('string');
  expect(groupId(groupName(0) ?? '')).toBe(0);
  expect(userName(4_000_000_111)).toBeUndefined();
  expect(userId('no-such-user-here')).toBeUndefined();
  expect(userId('12345')).toBeUndefined();
});

test('reads the lines of passwd and group', () => {
  const text = 'root:x:0:0:root:/root:/bin/sh\n#c:x:1:\n\nbad:x:no:\nmail:*:8:a,b\n+:::\n';
  expect(parseNameTable(text)).toEqual([
    { name: 'root', id: 0, group: 0 },
    { name: 'mail', id: 8 },
  ]);
});

test('asks other sources only where nsswitch.conf names them', () => {
  expect(hasOtherSources('passwd: files\ngroup: files ldap', 'passwd')).toBe(false);
  expect(hasOtherSources('passwd: files\ngroup: files ldap', 'group')).toBe(true);
  expect(hasOtherSources('passwd: files [NOTFOUND=return] # sss', 'passwd')).toBe(false);
  expect(hasOtherSources('', 'passwd')).toBe(false);
});
