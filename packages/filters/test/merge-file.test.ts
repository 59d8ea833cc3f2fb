import { expect, test } from 'vitest';
import { excluded, scopeOf } from './scopes.ts';

/* The outcomes below were seen with rsync 3.5.0. */

test('the root file counts only when the root is entered', () => {
  const scope = scopeOf([': .r'], { '/w/s/.r': '- a', '/w/s/d/.r': '- b' });
  expect(excluded(scope, 'd')).toBe('b');
  expect(excluded(scope.enter(''), 'd')).toBe('ab');
  expect(excluded(scope.enter('.'), 'd')).toBe('ab');
});

test('entering a deep directory reads the files on the way', () => {
  const files = { '/w/s/d/.r': '- a', '/w/s/d/e/.r': '- b' };
  expect(excluded(scopeOf([': .r'], files), 'd/e/f')).toBe('ab');
  const inD = scopeOf([': .r'], files).enter('d');
  expect(excluded(inD, 'd/e')).toBe('ab');
  // A directory elsewhere starts again from the outside.
  expect(excluded(inD, 'other')).toBe('');
  expect(excluded(inD, '')).toBe('');
});

test('newer directories come first, ! drops the inherited rules of that merge only', () => {
  const files = { '/w/s/.r': '- a', '/w/s/d/.r': '- b\n!\n- c' };
  expect(excluded(scopeOf(['- b', ': .r'], files).enter(''), 'd')).toBe('bc');
  const over = { '/w/s/.r': '+ a', '/w/s/d/.r': '- a', '/w/s/d/e/.r': '+ a\n- *' };
  const root = scopeOf([': .r', '- a'], over).enter('');
  expect([excluded(root, ''), excluded(root, 'd'), excluded(root, 'd/e')]).toEqual(['', 'a', 'bc']);
});

test('n keeps rules in their directory', () => {
  const root = scopeOf([':n .r'], { '/w/s/.r': '- a' }).enter('');
  expect([excluded(root, ''), excluded(root, 'd')]).toEqual(['a', '']);
});

test('merge rules in merge files work from their directory on', () => {
  const files = {
    '/w/s/.r': ': .q\n- c',
    '/w/s/d/.q': '- a',
    '/w/s/d/.r': ': .z',
    '/w/s/d/e/.z': '- b',
  };
  const root = scopeOf([': .r'], files).enter('');
  expect([excluded(root, ''), excluded(root, 'd'), excluded(root, 'd/e')]).toEqual([
    'c',
    'ac',
    'abc',
  ]);
  const cut = { '/w/s/.r': ': .q\n- c', '/w/s/d/.r': '!', '/w/s/d/e/.q': '- b' };
  expect(excluded(scopeOf([': .r'], cut).enter(''), 'd/e')).toBe('');
  const chain = { '/w/s/.r': ': .s\n- a', '/w/s/.s': ': .t', '/w/s/.t': '- b' };
  expect(excluded(scopeOf([': .r'], chain), '')).toBe('ab');
});

test('the first rule for a file name counts', () => {
  const twice = (...rules: string[]) => {
    const root = scopeOf(rules, { '/w/s/.r': '- a' }).enter('');
    return [excluded(root, ''), excluded(root, 'd')];
  };
  expect(twice(':n .r', ': .r')).toEqual(['a', '']);
  expect(twice(': .r', ':n .r')).toEqual(['a', 'a']);
  expect(twice(':r .r', ': .r')).toEqual(['', '']);
  expect(twice(':n .r', '!', ': .r')).toEqual(['a', 'a']);
  expect(() => twice(': /.r', ':- x/.r')).not.toThrow();
  // Also for a rule that stands in a file, and after that file's rules have ended.
  const files = { '/w/s/.r': ': .q', '/w/s/d/.r': ': .q', '/w/s/.q': '- a', '/w/s/d/.q': '- b' };
  const root = scopeOf([':n .r'], files).enter('');
  expect([excluded(root, ''), excluded(root, 'd')]).toEqual(['a', '']);
});

test('a rule in a file may ask for files above, too', () => {
  const files = { '/w/s/.r': ': /.q', '/w/.q': '- a\n: .z', '/w/s/.z': '- b' };
  expect(excluded(scopeOf([': .r'], files), '')).toBe('ab');
});

test('a merge file that names itself is read once', () => {
  expect(excluded(scopeOf([': .r'], { '/w/s/.r': ': .r\n- a' }).enter(''), 'd')).toBe('a');
});

test('anchored patterns are relative to their directory', () => {
  const root = scopeOf([': .r'], { '/w/s/d/.r': '- /a\n- e/b' }).enter('');
  expect([excluded(root, ''), excluded(root, 'd'), excluded(root, 'd/e')]).toEqual(['', 'a', 'b']);
  // As in rsync, wildcards in the directory's own name are wildcards.
  const odd = scopeOf([': .r'], { '/w/s/d[1]/.r': '- /a' }).enter('');
  expect(odd.enter('d[1]').decide('d[1]/a', false)).toBeUndefined();
});

test('absolute rules see the whole path', () => {
  const files = { '/w/s/d/.r': '-/ /w/s/d/a\n-/ /b' };
  expect(excluded(scopeOf([': .r'], files), 'd')).toBe('a');
  expect(excluded(scopeOf([':/ .r'], { '/w/s/d/.r': '- /w/s/d/a\n- /b' }), 'd')).toBe('a');
  expect(excluded(scopeOf(['-/ /a'], {}, { rootPath: '/' }), '')).toBe('a');
  expect(excluded(scopeOf(['-/ /w/s/a'], {}, { rootPath: '/w/x/../s/' }), '')).toBe('a');
  expect(excluded(scopeOf(['-/ /w/**/b'], {}), 'd')).toBe('b');
});

test('a path in the merge name reads files above the transfer', () => {
  const files = { '/w/.r': '- a\n- /c', '/w/s/.r': '- b\n- /d/c' };
  const inRoot = (rule: string, rootPath = '/w/s') =>
    excluded(scopeOf([rule], files, { rootPath }), '');
  expect(inRoot(': /.r')).toBe('ab');
  expect(inRoot(': ../.r')).toBe('ab');
  expect(inRoot(': ../../.r')).toBe('ab');
  expect(inRoot(': /w/.r')).toBe('ab');
  expect(inRoot(': /w/s/.r')).toBe('b');
  expect(inRoot(': d/.r')).toBe('b');
  expect(inRoot(': ../d/.r')).toBe('b');
  expect(inRoot(':n /.r')).toBe('b');
  expect(inRoot(': .r')).toBe('b');
  expect(inRoot(': .r', '/w/s/d')).toBe('');
  // Relative to the first directory entered; its anchors still belong to the file's directory.
  expect(inRoot(': ../.r', '/w/s/d')).toBe('bc');
  expect(inRoot(': /.r', '/w/s/d')).toBe('abc');
  expect(excluded(scopeOf([': /.r'], files, { rootPath: '/w' }), 's/d')).toBe('abc');
});

test('. in a per-directory file reads another file', () => {
  const from = (rule: string, file: string, text: string) =>
    excluded(scopeOf([': .r'], { '/w/s/d/.r': rule, [file]: text }), 'd');
  expect(from('. q', '/w/s/q', '- c')).toBe('c');
  expect(from('. sub/q', '/w/s/d/sub/q', '- c')).toBe('c');
  expect(from('. ../q', '/w/s/q', '- c')).toBe('c');
  expect(from('. /w/s/q', '/w/s/q', '- c')).toBe('c');
  // Anchors there are relative to the transfer, as in the real program.
  expect(from('. ./q', '/w/s/d/q', '- /d/c\n- /b')).toBe('c');
  expect(() => from('. q', '/w/s/d/q', '- c')).toThrow(
    'failed to open exclude file <rule from /w/s/d/.r line 1>',
  );
});

test('errors name the file and line', () => {
  const enter = (text: string, rule = ': .r') => scopeOf([rule], { '/w/s/d/.r': text }).enter('d');
  expect(() => enter('- a\n\nq b')).toThrow('Unknown filter rule: <rule from /w/s/d/.r line 3>');
  expect(() => enter('-s b', ':s .r')).toThrow('specified-side merge file contains specified-side');
});

test('rules in files may end with NUL', () => {
  expect(excluded(scopeOf([': .r'], { '/w/s/.r': '- a\0- b' }, { from0: true }), '')).toBe('ab');
});
