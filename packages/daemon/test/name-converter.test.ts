import { afterEach, expect, test } from 'vitest';
import type { HookSubject } from '../src/hooks.ts';
import { NameConverter } from '../src/name-converter.ts';

const started: NameConverter[] = [];
afterEach(() => {
  for (const converter of started.splice(0)) converter[Symbol.dispose]();
});

function start(nameConverter: string, user = 'joe'): NameConverter {
  const host = { name: 'localhost', address: '127.0.0.1' };
  const subject = { module: { name: 'm', nameConverter }, path: '/srv', host, user };
  const converter = NameConverter.start(subject as unknown as HookSubject, process.env);
  if (converter === undefined) throw new Error('no converter');
  started.push(converter);
  return converter;
}

const SCRIPT = `while read -r kind what; do case "$kind $what" in
'uid 0') echo chief;; 'gid 7') echo seven;; 'usr chief') echo 0;; 'grp seven') echo 7;;
'usr wild') echo nonsense;; 'usr '*) echo "$RSYNC_MODULE_NAME-$RSYNC_USER_NAME";; *) echo;;
esac; done`;

test('names and numbers', () => {
  const names = start(SCRIPT);
  expect(names.userName(0)).toBe('chief');
  expect(names.groupName(7)).toBe('seven');
  expect(names.userName(99)).toBeUndefined();
  expect(names.userId('chief')).toBe(0);
  expect(names.groupId('seven')).toBe(7);
  expect(names.groupId('nobody')).toBeUndefined();
  expect(names.userId('wild')).toBeUndefined();
});

test('a name that would be two questions is not asked', () => {
  const names = start('while read -r line; do echo 5; done');
  expect(names.userId('a\nuid 0')).toBeUndefined();
  expect(names.userId('a\x7f')).toBeUndefined();
  expect(names.userId('a b')).toBe(5);
});

test('what the connection is about is in the environment and in the command', () => {
  const names = start('while read -r line; do echo "$RSYNC_MODULE_NAME %RSYNC_USER_NAME%"; done');
  expect(names.userName(1)).toBe('m joe');
  expect(() => start('echo %RSYNC_USER_NAME%', 'a;b')).toThrow('shell metacharacter');
});

test.each([
  'exit 3',
  '/nonexistent/program 2>&-',
  'read -r line; printf half',
  'head -c 5000 /dev/zero',
])('a converter that does not answer: %s', (command) => {
  const names = start(command);
  expect(() => names.userName(0)).toThrow(
    expect.objectContaining({
      message: 'Connection to name-converter failed.',
      exitCode: 10,
    }),
  );
});

test('none', () => {
  const subject = { module: { nameConverter: '' } } as unknown as HookSubject;
  expect(NameConverter.start(subject, {})).toBeUndefined();
});
