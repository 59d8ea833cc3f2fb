import { expect, test } from 'vitest';
import { parseSocketOptions } from '../src/socket-options.ts';

test.each([
  ['', true, true, []],
  ['SO_KEEPALIVE, TCP_NODELAY', true, true, []],
  ['TCP_NODELAY=0,SO_KEEPALIVE=0', false, false, []],
  ['SO_SNDBUF=65536', true, true, ['socket option SO_SNDBUF is left to the system']],
  ['FROB=1', true, true, ['Unknown socket option FROB']],
])('%j', (list, keepAlive, noDelay, warnings) => {
  expect(parseSocketOptions(list)).toEqual({ keepAlive, noDelay, warnings });
});
