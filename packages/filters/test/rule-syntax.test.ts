import { expect, test } from 'vitest';
import { readRule } from '../src/rule-syntax.ts';

test('one string of words holds several rules', () => {
  const text = '- *.o  hide,p x';
  const first = readRule(text, 0, 'rules', true, text);
  expect(first).toMatchObject({ end: 5, parsed: { rule: { action: 'exclude', pattern: '*.o' } } });
  expect(readRule(text, 7, 'rules', true, text)).toMatchObject({
    end: text.length,
    parsed: { rule: { pattern: 'x', sender: true, receiver: false, perishable: true } },
  });
});

test('a trailing slash means directories only, except alone', () => {
  const pattern = (text: string) => {
    const { rule } = readRule(text, 0, 'exclude', false, text).parsed;
    return [rule.pattern, rule.directoryOnly];
  };
  expect(pattern('a/')).toEqual(['a', true]);
  expect(pattern('a//')).toEqual(['a/', true]);
  expect(pattern('/')).toEqual(['/', false]);
});

test('names found on every object are not rule types', () => {
  expect(() => readRule('constructor x', 0, 'rules', false, '…')).toThrow('Unknown filter rule');
});
