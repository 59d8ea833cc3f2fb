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
  const connection = await startConnectProgram('cat', process.env, undefined);
  await connection.write([Buffer.from('hi')]);
  await connection.end();
  expect(await readAll(connection.input)).toBe('hi');
  await connection.close();
});

test('its stdin and stdout are one TCP socket, and its end is the end of the connection', async () => {
  const script = `
    const { Socket } = require('node:net');
    const ends = [0, 1].map((fd) => new Socket({ fd }));
    ends[0].write(JSON.stringify(ends.map((end) => [end.remoteAddress, end.remotePort])), () => process.exit());
  `;
  const command = `'${process.execPath}' -e '${script.replaceAll("'", "'\\''")}'`;
  const connection = await startConnectProgram(command, process.env, undefined);
  const [stdin, stdout] = JSON.parse(await readAll(connection.input));
  expect(stdin).toEqual(['127.0.0.1', expect.any(Number)]);
  expect(stdout).toEqual(stdin);
  await connection.close();
});
