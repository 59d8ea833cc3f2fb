import { expect, test } from 'vitest';
import { findParameter } from '../src/parameters.ts';

test('names ignore case and whitespace, and have aliases', () => {
  expect(findParameter(' Read  Only ')).toMatchObject({ name: 'read only', scope: 'module' });
  expect(findParameter('readOnly')?.name).toBe('read only');
  expect(findParameter('bind address')?.name).toBe('address');
  expect(findParameter('frob')).toBeUndefined();
});

test('what is not honoured is marked', () => {
  expect(findParameter('path')?.honoured).toBe(true);
  expect(findParameter('daemon chroot')?.honoured).toBe(false);
});
