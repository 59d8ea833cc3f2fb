import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionPair } from '@deltawire/transfer';
import { afterAll, describe, expect, test } from 'vitest';
import { authenticate, type ModuleUser } from '../src/authenticate.ts';
import { loadConfig } from '../src/config.ts';
import { TextChannel } from '../src/text-channel.ts';

const directory = mkdtempSync(join(tmpdir(), 'authenticate-'));
const secrets = join(directory, 'secrets');
writeFileSync(secrets, 'alice:wonderland\n@root:shared\n');
chmodSync(secrets, 0o600);
afterAll(() => rmSync(directory, { recursive: true }));

/** Log in with md5 and report who the daemon thinks it is. */
async function login(
  config: string,
  user: string,
  password: string,
  digests: readonly string[] | undefined = ['md5'],
): Promise<ModuleUser & { logged: string[] }> {
  const text = `[m]\npath = /\nsecrets file = ${secrets}\n${config}`;
  const [module] = loadConfig({ configText: text }, { env: {} }).modules;
  if (!module) throw new Error('no module');
  const [near, far] = connectionPair();
  const logged: string[] = [];
  const log = { write: (line: string) => void logged.push(line), close() {} };
  const host = { name: 'h', address: '10.0.0.1' };
  const answering = (async () => {
    for await (const chunk of near.input) {
      const challenge = /AUTHREQD (\S+)/.exec(Buffer.from(chunk).toString())?.[1] ?? '';
      const response = createHash('md5')
        .update(password + challenge)
        .digest('base64')
        .slice(0, 22);
      await near.write([Buffer.from(`${user} ${response}\n`)]);
    }
  })();
  try {
    const greeting = { protocol: 32, digests };
    const who = await authenticate(new TextChannel(far), module, greeting, host, log);
    return { ...who, logged };
  } finally {
    await far.close();
    await answering;
  }
}

describe('authenticate()', () => {
  test('asks nothing where nobody is named', async () => {
    expect(await login('', 'x', 'x')).toMatchObject({ name: '', readOnly: true });
  });

  test('the user and what its rule allows', async () => {
    const right = (config: string) => login(config, 'alice', 'wonderland');
    expect(await right('auth users = alice')).toMatchObject({ name: 'alice', readOnly: true });
    expect(await right('auth users = alice:rw')).toMatchObject({ readOnly: false });
    expect(await right('auth users = a*:ro\nread only = no')).toMatchObject({ readOnly: true });
  });

  test('a group has a password of its own', async () => {
    expect(await login('auth users = @root', 'root', 'shared')).toMatchObject({ name: 'root' });
    await expect(login('auth users = root', 'root', 'shared')).rejects.toThrow('auth failed');
  });

  test('a digest below the floor, or an unknown floor, is refused before the challenge', async () => {
    for (const floor of ['sha256', 'whirlpool']) {
      const config = `auth users = alice\nauth digest = ${floor}`;
      await expect(login(config, 'alice', 'wonderland')).rejects.toMatchObject({
        message: 'auth failed on module m',
        logged: expect.stringContaining('weaker than'),
      });
    }
    const config = 'auth users = alice\nauth digest = md5';
    expect(await login(config, 'alice', 'wonderland')).toMatchObject({ name: 'alice' });
  });

  test('without a common digest the daemon says what it has', async () => {
    await expect(login('auth users = alice', 'alice', 'x', ['crc'])).rejects.toThrow(
      'does not support one of our daemon-auth checksums: sha512 sha256 sha1 md5 md4',
    );
  });
});
