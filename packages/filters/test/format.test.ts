import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CVS_PATTERNS } from '../src/cvs-ignore.ts';
import { type FilterDirective, parseDirectives, parseWireRule, wireRules } from '../src/index.ts';

const filters = (texts: readonly string[]): FilterDirective[] =>
  texts.map((text) => ({ kind: 'filter', text }));

function wire(
  directives: readonly FilterDirective[],
  o: { protocol?: number; amSender?: boolean; deleteExcluded?: boolean } = {},
): string[] {
  const { protocol = 32, amSender = false, deleteExcluded = false } = o;
  const files: Record<string, string> = { mf: '- k1\n+ k2\n: k3\n' };
  const rules = parseDirectives(directives, {
    readFile: (path) => (path in files ? new TextEncoder().encode(files[path]) : undefined),
    deleteExcluded,
    protocol,
  });
  const cvsExclude = directives.some(({ kind }) => kind === 'cvs');
  return wireRules(rules, { protocol, amSender, deleteExcluded, cvsExclude });
}

/** Sent by rsync 3.5.0 for the same options: `docs/spec/data.md` §12.6 and captures. */
test.each([
  [
    ['- *.o', '+ keep/', '-! x', '-/ /abs'],
    ['- *.o', '+ keep/', '-! x', '-/ /abs'],
  ],
  [
    ['-s hid', 'S s', '-p per', '-x user.x'],
    ['-s hid', '+s s', '-p per', '-x user.x'],
  ],
  [
    [': .rules', ':n- .r2', ':e .r3', ':C'],
    [': .rules', ':n- .r2', '- .r3', ': .r3', ':C .cvsignore'],
  ],
  [
    ['-C', '-sr both', ':s .r4'],
    ['-C ', '-sr both', ':s .r4'],
  ],
  [['-r x', 'P y', 'R z'], []],
  [['.s mf'], ['-s k1', '+s k2', ':s k3']],
  [['merge,p mf'], ['-p k1', '+p k2', ':p k3']],
  [['./- mf'], ['-/ - k1', '-/ + k2', '-/ : k3']],
  [['.e mf'], ['- mf', '- k1', '+ k2', ': k3']],
  [
    ['show,p x', '-sr/!px x', ':nw+ x'],
    ['+sp x', '-/!xsrp x', ':nw+ x'],
  ],
  [
    ['- foo//', '- /', '-_a b', '-  x'],
    ['- foo//', '- /', '- a b', '-  x'],
  ],
])('a pull sends %j', (texts, sent) => {
  expect(wire(filters(texts))).toEqual(sent);
});

const cvs = (prefix: string) => CVS_PATTERNS.map((word) => prefix + word);

test('a push expands the CVS list, a pull leaves -C to the server', () => {
  const push = { amSender: true };
  expect(wire(filters(['-C']), push)).toEqual(cvs('-p '));
  expect(wire([{ kind: 'cvs' }], push)).toEqual([':C .cvsignore', ...cvs('-p ')]);
  expect(wire([{ kind: 'cvs' }, ...filters(['- x'])], push).slice(0, 2)).toEqual([
    '- x',
    ':C .cvsignore',
  ]);
  expect(wire([{ kind: 'cvs' }, ...filters(['- x'])])).toEqual(['- x']);
  expect(wire(filters(['-C']), { ...push, protocol: 29 })).toEqual(cvs('- '));
  expect(wire(filters(['-C']), { protocol: 29 })).toEqual(['-C ']);
  expect(wire(filters(['-C']), { protocol: 28 })).toEqual(cvs(''));
});

test('a push keeps sender rules at home', () => {
  const push = { amSender: true };
  expect(wire(filters(['-s x', '-r y', '-sr z', 'H h', 'P p']), push)).toEqual([
    '-r y',
    '-sr z',
    '-r p',
  ]);
});

test('--delete-excluded makes sender rules', () => {
  const texts = filters(['- x', '+ y', ': .r', ':- .r2', '-r q']);
  expect(wire(texts, { amSender: true, deleteExcluded: true })).toEqual([': .r', '-r q']);
  expect(wire(texts, { deleteExcluded: true })).toEqual(['-s x', '+s y', ': .r', ':- .r2']);
});

test('protocol 28 has bare patterns only', () => {
  const old = (texts: string[], o = {}) =>
    wire(filters(texts), { protocol: 28, amSender: true, ...o });
  expect(old(['- *.tmp', '+ keep.o', '- - dash', '- +x', '- trail/', '-r a', '-sr q'])).toEqual([
    '*.tmp',
    '+ keep.o',
    '- - dash',
    '+x',
    'trail/',
    'a',
    'q',
  ]);
  expect(old(['-p a', '-s b', '-r c'], { amSender: false })).toEqual(['a', 'b']);
  for (const text of [': a', '-/ a', '-! a', '-p a', '-x a']) {
    expect(() => old([text])).toThrow(
      expect.objectContaining({
        message: 'filter rules are too modern for remote rsync.',
        exitCode: 2,
      }),
    );
  }
  expect(() => old(['-r a'], { deleteExcluded: true })).toThrow('too modern');
  expect(() => wire(filters(['-p a']), { protocol: 29, amSender: true })).toThrow('too modern');
  expect(wire(filters(['-p a']), { protocol: 29 })).toEqual(['- a']);
});

test('what is sent parses to what is sent again', () => {
  const kind = fc.constantFrom('-', '+');
  const flags = fc.subarray(['/', '!', 'x', 's', 'p']).map((list) => list.join(''));
  const byte = fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code));
  const pattern = fc.array(byte, { minLength: 1, maxLength: 20 }).map((list) => list.join(''));
  const rule = fc.tuple(kind, flags, pattern).map(([k, f, p]) => `${k}${f} ${p}`);
  fc.assert(
    fc.property(rule, (text) => {
      const o = { protocol: 32, amSender: false, deleteExcluded: false, cvsExclude: false };
      expect(wireRules(parseWireRule(text, 32), o)).toEqual([text]);
    }),
  );
});
