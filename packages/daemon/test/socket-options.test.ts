import { expect, test } from 'vitest';
import { connectionOptions } from '../src/socket-options.ts';

test.each([
  ['', true, true],
  ['SO_KEEPALIVE, TCP_NODELAY', true, true],
  ['TCP_NODELAY=0,SO_KEEPALIVE=x', false, false],
  ['SO_SNDBUF=0\tTCP_NODELAY=0 TCP_NODELAY=1', true, true],
])('%j', (list, keepAlive, noDelay) => {
  expect(connectionOptions(list)).toEqual({ keepAlive, noDelay });
});
