import { expect, test } from 'vitest';
import { CVS_PATTERNS, expandCvsRule, splitWords } from '../src/cvs-ignore.ts';
import { createRule } from '../src/rule.ts';

test('expandCvsRule() gives every word the rule’s modifiers', () => {
  const rule = createRule('include', '', { cvs: true, absolute: true, sender: true });
  const rules = expandCvsRule(rule, { protocol: 30, environment: 'mine/' });
  expect(rules).toHaveLength(CVS_PATTERNS.length + 1);
  expect(rules.at(-1)).toMatchObject({
    action: 'include',
    pattern: 'mine',
    directoryOnly: true,
    absolute: true,
    sender: true,
    perishable: false,
    cvs: false,
  });
  expect(rules[0]!.perishable).toBe(true);
});

test('splitWords() knows C’s white space and no other', () => {
  expect(splitWords(' a\tb\n\v\f\rc\u00a0d ')).toEqual(['a', 'b', 'c\u00a0d']);
});
