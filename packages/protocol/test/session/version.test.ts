import { expect, test } from 'vitest';
import { negotiateProtocol, PROTOCOL_MAX, PROTOCOL_MIN, ProtocolError } from '../../src/index.ts';

test('the smaller version wins', () => {
  expect(negotiateProtocol(32, 32)).toBe(32);
  expect(negotiateProtocol(32, 29)).toBe(29);
  expect(negotiateProtocol(28, 32)).toBe(28);
  expect(negotiateProtocol(32, 40)).toBe(32);
  expect(PROTOCOL_MIN).toBe(27);
  expect(PROTOCOL_MAX).toBe(32);
});

test.each([19, 41, -1, 0, 0x6e696c43])('a peer that announces %i is not rsync', (theirs) => {
  expect(() => negotiateProtocol(32, theirs)).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message: expect.stringMatching(/^protocol version mismatch -- is your shell clean\?\n/),
    }),
  );
});

test.each([20, 26])('version %i is too old', (theirs) => {
  expect(() => negotiateProtocol(32, theirs)).toThrow(ProtocolError);
  expect(() => negotiateProtocol(32, theirs)).toThrow(expect.objectContaining({ exitCode: 2 }));
});
