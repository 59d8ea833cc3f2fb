import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goldenFile, scriptedConnection, silentConnection } from '@deltawire/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { serveConnection } from '../src/serve-connection.ts';
import { ConnectionSlots } from '../src/slots.ts';

const directory = mkdtempSync(join(tmpdir(), 'serve-'));
const secrets = join(directory, 'secrets');
writeFileSync(secrets, 'alice:wonderland\nbob:builder\n');
chmodSync(secrets, 0o600);
const motd = join(directory, 'motd');
writeFileSync(motd, 'Welcome to the test daemon\nsecond line\n');
afterAll(() => rmSync(directory, { recursive: true }));

/** The configuration that the golden sessions were recorded with, as far as it is honoured. */
const CONFIG = `use chroot = no
reverse lookup = no
max verbosity = 2
[pub]
path = ${directory}
comment = public area
[up]
path = ${directory}
comment = upload area
read only = no
[hidden]
path = ${directory}
list = no
[auth]
path = ${directory}
comment = needs auth
auth users = alice bob:deny
secrets file = ${secrets}
[authstrong]
path = ${directory}
auth users = alice
secrets file = ${secrets}
auth digest = sha256
[denied]
path = ${directory}
hosts deny = *
hosts allow = 192.0.2.1
[wo]
path = ${directory}
write only = yes
[full]
path = ${directory}
max connections = -1
[nopath]
comment = nothing
[secret]
path = ${directory}
list = no
hosts deny = *
`;

async function serve(
  said: string | Uint8Array,
  globals = '',
): Promise<{ text: string; log: string }> {
  const connection = scriptedConnection(said, 5);
  const lines: string[] = [];
  const slots = new ConnectionSlots();
  await serveConnection(
    connection,
    { address: '127.0.0.1', port: 1 },
    {
      settings: loadConfig({ configText: globals + CONFIG }, { env: {} }),
      env: {},
      ownProcess: false,
      deadlines: true,
      onLog: (line) => lines.push(line.replace(/^.*?\] /, '')),
      claimSlot: async (module, max) => slots.claim(module, max),
    },
  );
  return { text: connection.sent().toString('latin1'), log: lines.join('\n') };
}

const GREETING = '@RSYNCD: 32.0 sha512 sha256 sha1 md5 md4\n';

describe('recorded clients get what the real daemon answered', () => {
  test.each([
    'daemon-unknown-module',
    'daemon-access-denied',
    'daemon-max-connections',
    'daemon-no-path',
    'daemon-raw-bad-greeting',
    'daemon-raw-early-bad',
    'daemon-raw-nodigest-p32',
    'daemon-raw-nosub-p30',
    'daemon-raw-unknown-cmd',
    'daemon-raw-auth-weak',
    'daemon-raw-nodigest-common',
  ])('%s', async (session) => {
    const { text } = await serve(goldenFile(session, 'c2s.bin'));
    expect(text).toBe(goldenFile(session, 's2c.bin').toString('latin1'));
  });

  test.each(['daemon-raw-bad-response', 'daemon-auth-denied-user', 'daemon-auth-fail'])(
    '%s, but for its challenge',
    async (session) => {
      const withoutChallenge = (text: string): string =>
        text.replace(/AUTHREQD \S+/, (match) => `AUTHREQD ${'x'.repeat(match.length)}`);
      const { text } = await serve(goldenFile(session, 'c2s.bin'));
      const recorded = goldenFile(session, 's2c.bin').toString('latin1');
      expect(withoutChallenge(text)).toBe(withoutChallenge(recorded));
    },
  );
});

test('lists what is to be listed, after the message of the day', async () => {
  const { text, log } = await serve(`${GREETING}#list\n`, `motd file = ${motd}\n`);
  expect(text).toBe(
    `${GREETING}Welcome to the test daemon\nsecond line\n\n` +
      'pub            \tpublic area\nup             \tupload area\nauth           \tneeds auth\n' +
      'authstrong     \t\ndenied         \t\nwo             \t\nfull           \t\n' +
      'nopath         \tnothing\n@RSYNCD: EXIT\n',
  );
  expect(log).toBe(
    'connect from UNDETERMINED (127.0.0.1)\n' + 'module-list request from UNDETERMINED (127.0.0.1)',
  );
});

test('no EXIT below protocol 25', async () => {
  const { text } = await serve('@RSYNCD: 24\n\n');
  expect(text.endsWith('nopath         \tnothing\n')).toBe(true);
});

test('an unlisted module does not show that it exists to those it denies', async () => {
  const { text } = await serve(`${GREETING}secret\n`);
  expect(text).toBe(`${GREETING}@ERROR: Unknown module 'secret'\n`);
});

test('early input is skipped', async () => {
  const { text } = await serve(`${GREETING}#early_input=4\nxy\n\nnosuch\n`);
  expect(text).toBe(`${GREETING}@ERROR: Unknown module 'nosuch'\n`);
});

test('the log says why a password failed, the client does not learn it', async () => {
  const answers = ['zoe x', 'bob x', 'alice x', '#alice x', 'alice'];
  const outcomes = await Promise.all(answers.map((line) => serve(`${GREETING}auth\n${line}\n`)));
  for (const { text } of outcomes) {
    expect(text.endsWith('@ERROR: auth failed on module auth\n')).toBe(true);
  }
  const reasons = outcomes.map(({ log }) =>
    log
      .split('\n')
      .at(-1)
      ?.replace(/^.*?\)/, ''),
  );
  expect(reasons).toEqual([
    ' for zoe: no matching rule',
    ' for bob: denied by rule',
    ' for alice: password mismatch',
    ' for #alice: no matching rule',
    ': invalid challenge response',
  ]);
});

describe('the end of input anywhere', () => {
  const whole = `${GREETING}up\n--server\0-r\0.\0up/\0\0`;
  test.each([...whole].map((_, i) => i))('after %i bytes', async (length) => {
    // Ends without an exception, and within the test's time.
    await serve(whole.slice(0, length));
  });
});

test('a connection ends when the daemon does', async () => {
  const abort = new AbortController();
  const serving = serveConnection(
    silentConnection(),
    { address: '127.0.0.1', port: 1 },
    {
      settings: loadConfig({ configText: CONFIG }, { env: {} }),
      env: {},
      ownProcess: false,
      deadlines: true,
      signal: abort.signal,
      claimSlot: async () => undefined,
    },
  );
  abort.abort();
  await serving;
});
