import { type FilterDirective, parseDirectives } from '@deltawire/filters';
import { createFileEntry } from '@deltawire/protocol';
import { expect, test } from 'vitest';
import { DEFAULT_TRANSFER_OPTIONS, type TransferOptions } from '../src/index.ts';
import { createNameCheck } from '../src/requested-names.ts';

interface Question {
  readonly args?: readonly string[];
  readonly listed?: readonly string[];
  readonly loose?: boolean;
  readonly filters?: readonly FilterDirective[];
  readonly options?: Partial<TransferOptions>;
}

/** What of `names` is let through; a slash at the end stands for a directory. */
function allowed(question: Question, names: readonly string[]): string[] {
  const { args = [], listed, loose = false, filters = [], options } = question;
  const check = createNameCheck({
    options: { ...DEFAULT_TRANSFER_OPTIONS, ...options },
    arguments: args,
    listed,
    loose,
    filters: parseDirectives(filters, { readFile: () => undefined }),
  });
  return names.filter((text) => {
    const directory = text.endsWith('/');
    const name = directory ? text.slice(0, -1) : text;
    try {
      check(createFileEntry({ name, mode: directory ? 0o40755 : 0o100644 }));
      return true;
    } catch (error) {
      expect(error).toMatchObject({ exitCode: 4 });
      return false;
    }
  });
}

test.each([
  [['src/'], ['x', 'x/y', './']],
  [['src/.'], ['x']],
  [[''], ['x']],
  [['.'], ['x']],
  [['src/..'], ['x']],
] as const)('%o asks for everything inside', (args, names) => {
  expect(allowed({ args }, names)).toEqual(names);
});

test.each([
  [['src/a'], ['a', 'a/b', 'a/b/c'], ['b', 'ab', 'src/a', 'x/a']],
  [
    ['a', 'dir/b'],
    ['a', 'b'],
    ['c', 'dir/b'],
  ],
  [['src/*.c'], ['x.c', 'x.c/y'], ['x.h', 'y/x.c']],
  [['src/[ab]?'], ['ax', 'b1'], ['cx', 'a']],
  [['sp ace'], ['sp ace'], ['sp']],
  [['a\\*b'], ['a*b', 'a\\*b'], ['aab']],
] as const)('%o asks for what it names and what is below', (args, inside, outside) => {
  expect(allowed({ args }, [...inside, ...outside])).toEqual(inside);
});

test.each([
  [['src/./d/f'], ['d/', 'd/f', 'd/f/x', './'], ['d/g', 'f', 'src/d/f']],
  [['/abs/d/f'], ['abs/', 'abs/d/', 'abs/d/f'], ['abs/e', 'd/f']],
  [['d/*/f'], ['d/', 'd/x/', 'd/x/f'], ['e/', 'd/x/g']],
] as const)('with --relative, %o asks for its whole path', (args, inside, outside) => {
  const question = { args, options: { relative: true } };
  expect(allowed(question, [...inside, ...outside])).toEqual(inside);
});

test('a list of names asks for those', () => {
  const question = { listed: ['a', 'd/f', '/x/y'], options: { relative: true } };
  expect(allowed(question, ['a', 'd/', 'd/f', 'x/', 'x/y', 'd/g', 'z'])).toEqual([
    'a',
    'd/',
    'd/f',
    'x/',
    'x/y',
  ]);
});

test('what a shell may have expanded is not checked', () => {
  expect(allowed({ args: ['$(x)'], loose: true }, ['anything'])).toEqual(['anything']);
});

test('the client’s own rules are', () => {
  const filters: FilterDirective[] = [
    { kind: 'include', pattern: 'keep.o' },
    { kind: 'exclude', pattern: '*.o' },
    { kind: 'exclude', pattern: 'tmp/' },
  ];
  const names = ['a.c', 'keep.o', 'x.o', 'tmp/', 'tmp'];
  expect(allowed({ args: ['src/'], filters }, names)).toEqual(['a.c', 'keep.o', 'tmp']);
});

test('but not those of the receiving side, nor any beside a merge file', () => {
  const receiver: FilterDirective[] = [{ kind: 'filter', text: 'P x' }];
  expect(allowed({ args: ['src/'], filters: receiver }, ['x'])).toEqual(['x']);
  const merging: FilterDirective[] = [
    { kind: 'filter', text: ': .rules' },
    { kind: 'exclude', pattern: '*.o' },
  ];
  expect(allowed({ args: ['src/'], filters: merging }, ['x.o'])).toEqual(['x.o']);
});

test('a sender that is trusted may send anything', () => {
  const question: Question = {
    args: ['a'],
    filters: [{ kind: 'exclude', pattern: '*' }],
    options: { trustSender: true },
  };
  expect(allowed(question, ['b', 'c/'])).toEqual(['b', 'c/']);
});
