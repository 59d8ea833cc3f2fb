import { expect, test } from 'vitest';
import { type FilterDirective, parseDirectives, parseWireRule, wireRules } from '../src/index.ts';

const files: Record<string, string> = {
  crlf: '- a \r\n+ b\r\n\r\n#c\n- e\n; z\n',
  indented: '- a\n\n#c\n ;d\n',
  words: '-_a +_b\t#c ;d\n e',
  badWords: '-_a +_b\n #x',
  spaced: '- *.o\n',
  nul: '- a\0#c\0+ b\nx\0\0- d',
  old: '-r x\n- y\n+ z\n!\nhide w\n',
  bang: 'x\n!\ny',
  sided: '-r x\n',
  nest: '- n1\n. nest\n',
  inner: '\n. gone\n',
  outer: '- a\n. inner\n',
};

function parse(
  directives: FilterDirective[],
  o: { from0?: boolean; deleteExcluded?: boolean } = {},
) {
  const rules = parseDirectives(directives, {
    readFile: (path) => (path in files ? new TextEncoder().encode(files[path]) : undefined),
    ...o,
  });
  return wireRules(rules, {
    protocol: 32,
    amSender: false,
    deleteExcluded: false,
    cvsExclude: false,
  });
}
const filter = (text: string): FilterDirective => ({ kind: 'filter', text });
const exclude = (pattern: string): FilterDirective => ({ kind: 'exclude', pattern });

/** All of these were seen with rsync 3.5.0. */
test.each([
  ['exclude,s x', ['-s x']],
  ['exclude, x', ['- x']],
  ['exclude_x', ['- x']],
  ['-ss x', ['-s x']],
  ['H,/ x', ['-/s x']],
  ['dir-merge .r', [': .r']],
  ['dir-merge,C', [':C .cvsignore']],
  [':Cn x', [':C x']],
  [':Cw x', [':C x']],
  ['- *.o\n', ['- *.o\n']],
  ['- x ', ['- x ']],
  ['', []],
  ['.w- words', ['- -_a', '- +_b', '- #c', '- ;d', '- e']],
  ['.C words', ['- -_a', '- +_b', '- #c', '- ;d', '- e']],
  ['.- bang', ['- x', '- !', '- y']],
  ['.C bang', ['- y']],
  ['. crlf', ['- a ', '+ b', '- e']],
])('--filter=%j', (text, sent) => {
  expect(parse([filter(text)])).toEqual(sent);
});

test.each([
  [' - x', 'Unknown filter rule:  - x'],
  ['cleard', 'Unknown filter rule: cleard'],
  ['dir-mergex', 'Unknown filter rule: dir-mergex'],
  ['! ', "'!' rule has trailing characters: ! "],
  ['clear x', "'!' rule has trailing characters: clear x"],
  ['exclude', 'unexpected end of filter rule: exclude'],
  ['-x', 'unexpected end of filter rule: -x'],
  [':+- x', "invalid modifier '-' at position 2 in filter rule: :+- x"],
  [':-C x', "invalid modifier 'C' at position 2 in filter rule: :-C x"],
  [':CC x', "invalid modifier 'C' at position 2 in filter rule: :CC x"],
  ['H,s x', "invalid modifier 's' at position 2 in filter rule: H,s x"],
  ['HC', "invalid modifier 'C' at position 1 in filter rule: HC"],
  ['.! mf', "invalid modifier '!' at position 1 in filter rule: .! mf"],
  ['-s,x x', "invalid modifier ',' at position 2 in filter rule: -s,x x"],
  ['hide,,x', "invalid modifier ',' at position 5 in filter rule: hide,,x"],
  ['. indented', 'Unknown filter rule: <rule from indented line 4>'],
  ['.w badWords', 'Unknown filter rule: <rule from badWords>'],
  ['.w spaced', 'unexpected end of filter rule: <rule from spaced>'],
  [
    '.s sided',
    'specified-side merge file contains specified-side filter: <rule from sided line 1>',
  ],
])('--filter=%j fails', (text, message) => {
  expect(() => parse([filter(text)])).toThrow(expect.objectContaining({ message, exitCode: 1 }));
});

test('a missing file is exit 11', () => {
  const missing = (message: string) => expect.objectContaining({ message, exitCode: 11 });
  const text = 'failed to open exclude file nofile: No such file or directory (2)';
  expect(() => parse([filter('. nofile')])).toThrow(missing(text));
  expect(() => parse([{ kind: 'exclude-from', path: 'nofile' }])).toThrow(missing(text));
  // What a file says is not quoted.
  expect(() => parse([filter('. inner')])).toThrow(
    missing('failed to open exclude file <rule from inner line 2>'),
  );
  expect(() => parse([filter('. outer')])).toThrow(
    missing('failed to open exclude file <rule from a file named at outer line 2>'),
  );
});

test('files that name each other end at a depth of 32', () => {
  expect(() => parse([filter('. nest')])).toThrow('merge-file include depth limit (32) exceeded');
});

test('--exclude and --include know two prefixes and !', () => {
  expect(
    parse(['- x y', '-', '!x', '! ', '+', ' x ', 'hide w', '-p a', '# a'].map(exclude)),
  ).toEqual(['- x y', '- -', '- !x', '- ! ', '- +', '-  x ', '- hide w', '- -p a', '- # a']);
  expect(parse([exclude('+ x'), { kind: 'include', pattern: '- y' }])).toEqual(['+ x', '- y']);
  expect(parse([exclude('a'), exclude('!'), exclude('b')])).toEqual(['- b']);
  expect(parse([exclude('')])).toEqual([]);
  expect(() => parse([exclude('- ')])).toThrow('unexpected end of filter rule: - ');
});

test('--exclude-from and --include-from', () => {
  expect(parse([exclude('q'), { kind: 'exclude-from', path: 'old' }])).toEqual(['- hide w']);
  expect(parse([{ kind: 'include-from', path: 'crlf' }])).toEqual(['- a ', '+ b', '- e']);
});

test('--from0 ends rules with NUL', () => {
  expect(parse([filter('. nul')], { from0: true })).toEqual(['- a', '+ b\nx', '- d']);
});

test('-F and -C', () => {
  expect(parse([{ kind: 'per-dir' }, { kind: 'per-dir-hide' }])).toEqual([
    ': /.rsync-filter',
    '- .rsync-filter',
  ]);
  const rules = parseDirectives([{ kind: 'cvs' }, filter('!'), filter('- z')], {
    readFile: () => undefined,
    homeCvsIgnore: 'hx hy/\n!  hz\n',
    cvsIgnore: 'ex ey/',
  });
  expect(rules.map(({ pattern }) => pattern)).toEqual(['z', '.cvsignore', '']);
  expect(rules[2]!.expansion.map((r) => [r.pattern, r.directoryOnly, r.perishable])).toEqual([
    ['hz', false, false],
    ['ex', false, false],
    ['ey', true, false],
  ]);
});

test('--delete-excluded marks unsided rules as the sender’s', () => {
  const rules = [filter('- x'), filter('-r y'), filter(': .r')];
  expect(parse(rules, { deleteExcluded: true })).toEqual(['-s x', ': .r']);
});

test('a pattern above 4095 bytes is dropped with a warning', () => {
  const warnings: string[] = [];
  const rules = parseDirectives([exclude('a'.repeat(4095)), exclude('b'.repeat(4096))], {
    readFile: () => undefined,
    onWarning: (message) => warnings.push(message),
  });
  expect(rules).toHaveLength(1);
  expect(warnings).toEqual([expect.stringMatching(/^discarding over-long filter: b+\[\.\.\.\]$/)]);
});

test('parseWireRule() reads what old and new clients send', () => {
  const actions = (text: string, protocol: number) =>
    parseWireRule(text, protocol).map((r) => `${r.action} ${r.pattern}`);
  expect(actions('-s x', 32)).toEqual(['exclude x']);
  expect(actions('-s x', 28)).toEqual(['exclude -s x']);
  expect(actions('+ x', 28)).toEqual(['include x']);
  expect(actions('!', 28)).toEqual(['clear ']);
  expect(actions('!', 32)).toEqual(['clear ']);
  expect(actions('hide,p x', 32)).toEqual(['exclude x']);
  expect(parseWireRule('-C ', 32)[0]!.expansion[0]!.perishable).toBe(true);
  expect(parseWireRule('-C ', 29)[0]!.expansion[0]!.perishable).toBe(false);
  // Unless the server allows it, no client makes it read a file.
  expect(() => parseWireRule('. /etc/passwd', 32)).toThrow('failed to open exclude file');
});
