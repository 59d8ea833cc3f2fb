import { readAll } from '@deltawire/testkit';
import { expect, test } from 'vitest';
import { connectCommand, startConnectProgram } from '../src/connect-program.ts';

test('the host is quoted into the command', () => {
  expect(connectCommand('nc %H 873', 'h.example')).toBe("nc 'h.example' 873");
  expect(connectCommand('x %% %a %H', 'h')).toBe("x % %a 'h'");
  expect(connectCommand('fixed', '$(boom)')).toBe('fixed');
});

test.each(['', '-x', '+x', '~x', '%x', 'a b', "a'b"])('%j is no host for a command', (host) => {
  expect(() => connectCommand('nc %H', host)).toThrow('cannot be used in RSYNC_CONNECT_PROG');
});

test('the program is the connection', async () => {
  const connection = startConnectProgram('cat', process.env, undefined);
  await connection.write([Buffer.from('hi')]);
  await connection.end();
  expect(await readAll(connection.input)).toBe('hi');
  await connection.close();
});
