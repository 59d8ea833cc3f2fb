import { expect, test } from 'vitest';
import { implemented, set } from '../src/option-row.ts';
import { indexTable, walkArguments } from '../src/popt.ts';

const spellings = indexTable([
  implemented('--flag, -f', '', set('recursive'), { negations: ['no-flag'], aliases: ['fl'] }),
  implemented('--text=T, -t', '', () => {}),
  implemented('--number=N, -n', '', () => {}, { integer: true }),
]);

/** What was found, as `name=value`, `no name` or `<argument>`. */
function walk(...argv: string[]): string {
  const found: string[] = [];
  walkArguments(argv, spellings, {
    option: ({ row, negated, value }) =>
      found.push(negated ? `no ${row.name}` : `${row.name}=${value}`),
    argument: (text) => found.push(`<${text}>`),
    message: (word, problem) => `${word}: ${problem}`,
  });
  return found.join(' ');
}

test('letters are bundled, and the last may have an argument', () => {
  expect(walk('-ff')).toBe('flag= flag=');
  expect(walk('-fta', 'b')).toBe('flag= text=a <b>');
  expect(walk('-ft', 'a', 'b')).toBe('flag= text=a <b>');
  expect(walk('-ft=a=b')).toBe('flag= text=a=b');
  expect(walk('-t=')).toBe('text=');
});

test('long options', () => {
  expect(walk('--flag', '--fl', '--no-flag')).toBe('flag= flag= no flag');
  expect(walk('--text=a=b', '--text', '--', '--text=')).toBe('text=a=b text=-- text=');
});

test('arguments', () => {
  expect(walk('', 'a', '-', '--flag', '--', '--flag', '--')).toBe('<> <a> <-> flag= <--flag> <-->');
});

test('integers are checked as C does', () => {
  for (const number of ['5', ' 5', '+5', '-5', '0x1F', '017', '0', '2147483647', '']) {
    expect(walk(`--number=${number}`)).toBe(`number=${number}`);
  }
  for (const number of ['x', '5 ', '5.5', '08', '0x', '--5']) {
    expect(() => walk('-n', number), number).toThrow(`${number}: invalid numeric value`);
  }
  expect(() => walk('-fn2147483648')).toThrow('-fn2147483648: number too large or too small');
});

test('mistakes', () => {
  expect(() => walk('--fla')).toThrow('--fla: unknown option');
  expect(() => walk('-fx')).toThrow('-fx: unknown option');
  expect(() => walk('--flag=1')).toThrow('--flag=1: option does not take an argument');
  expect(() => walk('-f=1')).toThrow('-f=1: option does not take an argument');
  expect(() => walk('--no-flag=1')).toThrow('--no-flag=1: option does not take an argument');
  expect(() => walk('-ft')).toThrow('-ft: missing argument');
});
