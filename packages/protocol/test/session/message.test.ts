import { expect, test } from 'vitest';
import {
  decodeDeletedName,
  encodeDeletedName,
  encodeMessageValue,
  MessageTag,
  messageTagName,
  messageValue,
} from '../../src/index.ts';
import { hex } from '../vectors.ts';

test('names of tags', () => {
  expect(messageTagName(0)).toBe('DATA');
  expect(messageTagName(86)).toBe('ERROR_EXIT');
  expect(messageTagName(102)).toBe('NO_SEND');
  expect(messageTagName(55)).toBe('55');
});

test('the value of a message', () => {
  for (const value of [0, 1, -1, 0x7fffffff, -0x80000000]) {
    const payload = encodeMessageValue(value);
    expect(messageValue({ tag: MessageTag.NO_SEND, payload })).toBe(value);
  }
  expect(messageValue({ tag: MessageTag.ERROR_EXIT, payload: new Uint8Array(0) })).toBeUndefined();
});

test('deleted names', () => {
  const encoded = encodeDeletedName('gonedir', true);
  expect(hex(encoded)).toBe('676f6e6564697200');
  expect(decodeDeletedName(encoded)).toEqual({ name: 'gonedir', isDirectory: true });
  expect(decodeDeletedName(encodeDeletedName('gone\xff', false))).toEqual({
    name: 'gone\xff',
    isDirectory: false,
  });
  expect(decodeDeletedName(new Uint8Array(0))).toEqual({ name: '', isDirectory: false });
});
