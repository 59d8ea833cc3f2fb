import { expect, test } from 'vitest';
import { createRule, ruleSide } from '../src/rule.ts';

test('a rule with no side or both is for both', () => {
  expect(ruleSide(createRule('exclude', 'x'), false)).toBe('both');
  expect(ruleSide(createRule('exclude', 'x', { sender: true, receiver: true }), true)).toBe('both');
  expect(ruleSide(createRule('exclude', 'x', { sender: true }), false)).toBe('sender');
  expect(ruleSide(createRule('exclude', 'x', { receiver: true }), true)).toBe('receiver');
});

test('--delete-excluded makes a sender rule of all but merges of full rules', () => {
  const merge = (content: 'rules' | 'exclude') =>
    createRule('merge', '.r', { merge: { content, wordSplit: false, noInherit: false } });
  expect(ruleSide(createRule('exclude', 'x'), true)).toBe('sender');
  expect(ruleSide(merge('rules'), true)).toBe('both');
  expect(ruleSide(merge('exclude'), true)).toBe('sender');
});
