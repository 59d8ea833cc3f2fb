import { createStrongHash } from '@deltawire/checksums';
import { parseCommandLine, serverArguments } from '@deltawire/options';
import { authResponse } from '@deltawire/protocol';
import { goldenFile, scriptedConnection } from '@deltawire/testkit';
import { describe, expect, test } from 'vitest';
import { type DaemonRequest, openDaemonSession } from '../src/daemon-session.ts';
import { resolveEndpoints } from '../src/endpoints.ts';

const GREETING = '@RSYNCD: 32.0 sha512 sha256 sha1 md5 md4\n';

const request = (o: Partial<DaemonRequest> = {}): DaemonRequest & { lines: string[] } => {
  const lines: string[] = [];
  return {
    module: 'm',
    protocol: 32,
    user: 'alice',
    password: async () => 'wonderland',
    onLine: (line) => lines.push(line),
    lines,
    ...o,
  };
};

describe('openDaemonSession() against recorded daemons', () => {
  test.each([27, 28, 29, 30, 31, 32])('sends what rsync sent at protocol %i', async (protocol) => {
    const session = `daemon-pull-p${protocol}`;
    const recorded = goldenFile(session, 'c2s.bin');
    const connection = scriptedConnection(goldenFile(session, 's2c.bin'), 7);
    const opened = await openDaemonSession(connection, request({ module: 'pub', protocol }));
    const argv = ['-a', '--checksum-seed=1', `--protocol=${protocol}`, 'rsync://h/pub/', 'dst/'];
    const { options } = parseCommandLine(argv, {});
    const endpoints = resolveEndpoints(options.args);
    const paths = endpoints.kind === 'local' ? [] : endpoints.remotePaths;
    const args = serverArguments(options, { amSender: false, paths, transport: 'daemon' });
    const binary = await opened?.start(args.argv, args.secluded);
    const sent = connection.sent();
    expect(sent.toString('latin1')).toBe(recorded.subarray(0, sent.length).toString('latin1'));
    // The next bytes are the daemon's half of the binary handshake.
    const { value } = (await binary?.input[Symbol.asyncIterator]().next()) ?? {};
    const text = goldenFile(session, 's2c.bin').toString('latin1');
    const start = text.indexOf('OK\n') + 3;
    expect(Buffer.from(value as Uint8Array).toString('latin1')[0]).toBe(text[start]);
  });

  test('secluded arguments travel in a second block', async () => {
    const recorded = goldenFile('daemon-secluded', 'c2s.bin');
    const connection = scriptedConnection(goldenFile('daemon-secluded', 's2c.bin'));
    const opened = await openDaemonSession(connection, request({ module: 'pub' }));
    const { options } = parseCommandLine(
      ['-as', '--checksum-seed=1', 'rsync://h/pub/dir/', 'd'],
      {},
    );
    const args = serverArguments(options, {
      amSender: false,
      paths: ['pub/dir/'],
      transport: 'daemon',
    });
    await opened?.start(args.argv, args.secluded);
    const sent = connection.sent();
    expect(sent.toString('latin1')).toBe(recorded.subarray(0, sent.length).toString('latin1'));
  });

  test('a list ends at EXIT', async () => {
    const connection = scriptedConnection(goldenFile('daemon-list', 's2c.bin'));
    const asked = request({ module: '' });
    expect(await openDaemonSession(connection, asked)).toBeUndefined();
    const printed = `${asked.lines.join('\n')}\n`;
    expect(printed).toBe(goldenFile('daemon-list', 'client.out').toString());
    expect(connection.sent().toString()).toBe(`${GREETING}\n`);
  });

  test.each([
    'daemon-unknown-module',
    'daemon-access-denied',
    'daemon-max-connections',
    'daemon-no-path',
    'daemon-auth-fail',
  ])('%s ends with exit code 5 and the line', async (session) => {
    const connection = scriptedConnection(goldenFile(session, 's2c.bin'));
    const [message] = goldenFile(session, 'client.err').toString().split('\n');
    await expect(openDaemonSession(connection, request())).rejects.toMatchObject({
      exitCode: 5,
      message,
    });
  });

  test('answers the recorded sha512 challenge', async () => {
    const connection = scriptedConnection(goldenFile('daemon-auth-sha512', 's2c.bin'));
    await openDaemonSession(connection, request({ module: 'auth' }));
    const recorded = goldenFile('daemon-auth-sha512', 'c2s.bin');
    const sent = connection.sent();
    expect(sent.toString()).toBe(recorded.subarray(0, sent.length).toString());
  });
});

describe('digests', () => {
  const answer = async (greeting: string, protocol = 32): Promise<string> => {
    const script = `${greeting}\n@RSYNCD: AUTHREQD abc\n@RSYNCD: OK\n`;
    const connection = scriptedConnection(script);
    await openDaemonSession(connection, request({ protocol }));
    return connection.sent().toString().split('\n')[2] ?? '';
  };
  const expected = (name: 'sha256' | 'md5' | 'md4', oldMd4 = false): string => {
    const hash = (message: Uint8Array): Uint8Array => {
      const strong = createStrongHash(name);
      strong.update(message);
      return strong.digest();
    };
    return `alice ${authResponse(hash, Buffer.from('wonderland'), 'abc', { oldMd4 })}`;
  };

  test('our strongest that the daemon has', async () => {
    expect(await answer('@RSYNCD: 32.0 md5 sha256')).toBe(expected('sha256'));
    expect(await answer('@RSYNCD: 31.0 md4')).toBe(expected('md4'));
  });
  test('without a list md5, below 30 the old md4', async () => {
    expect(await answer('@RSYNCD: 31.0')).toBe(expected('md5'));
    expect(await answer('@RSYNCD: 29')).toBe(expected('md4', true));
  });
  test('nothing in common ends with exit code 4', async () => {
    await expect(answer('@RSYNCD: 32.0 whirlpool')).rejects.toMatchObject({ exitCode: 4 });
  });
});

test.each([
  ['', 'did not see server greeting'],
  ['HTTP/1.1 400 Bad Request\n', 'server sent "HTTP/1.1 400 Bad Request" rather than greeting'],
  ['@RSYNCD: 32.0\n', 'server sent "@RSYNCD: 32.0" rather than greeting'],
  [GREETING, 'the daemon closed the connection without an answer'],
  [`${'x'.repeat(6000)}`, 'line length'],
])('%j is no daemon', async (script, message) => {
  const opening = openDaemonSession(scriptedConnection(script), request());
  await expect(opening).rejects.toMatchObject({
    exitCode: 5,
    message: expect.stringContaining(message),
  });
});
