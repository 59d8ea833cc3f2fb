import {
  AUTH_DIGESTS,
  type AuthDigestChoice,
  chooseAuthDigest,
  parseAuthResponse,
  TEXT_LINE_MAX_BYTES,
} from '@deltawire/protocol';
import type { PeerHost } from './access.ts';
import {
  createChallenge,
  findSecrets,
  isResponseValid,
  matchAuthRule,
  parseAuthUsers,
  SecretsError,
} from './auth.ts';
import type { AgreedGreeting } from './greet.ts';
import type { DaemonLog } from './log.ts';
import { Refused } from './refused.ts';
import type { ModuleSettings } from './settings.ts';
import type { TextChannel } from './text-channel.ts';

/** Who uses a module. */
export interface ModuleUser {
  /** '' for an anonymous user. */
  readonly name: string;
  readonly readOnly: boolean;
}

/**
 * Ask for a user and password where the module has `auth users` (docs/spec/session.md §4.6).
 * Throws `Refused` with one text for every cause; only the log says which it was.
 */
export async function authenticate(
  channel: TextChannel,
  module: ModuleSettings,
  greeting: AgreedGreeting,
  host: PeerHost,
  log: DaemonLog,
): Promise<ModuleUser> {
  const anonymous = { name: '', readOnly: module.readOnly };
  if (module.authUsers === '') return anonymous;
  const where = `auth failed on module ${module.name} from ${host.name} (${host.address})`;
  const fail = (reason: string, user?: string): Refused => {
    const who = user === undefined ? '' : ` for ${user}`;
    return new Refused(`auth failed on module ${module.name}`, `${where}${who}: ${reason}`);
  };
  const digest = commonDigest(greeting);
  if (module.authDigest !== '' && !isStrongEnough(digest.digest, module.authDigest)) {
    throw fail('the digest is weaker than "auth digest" allows');
  }
  const challenge = createChallenge(digest);
  await channel.write(`@RSYNCD: AUTHREQD ${challenge}\n`);
  const answer = parseAuthResponse((await channel.readLine(TEXT_LINE_MAX_BYTES)) ?? '');
  if (answer === undefined) throw fail('invalid challenge response');
  const { user, response } = answer;
  const rule = matchAuthRule(parseAuthUsers(module.authUsers), user);
  if (rule === undefined) throw fail('no matching rule', user);
  if (user.startsWith('#')) throw fail('invalid username', user);
  if (rule.access === 'deny') throw fail('denied by rule', user);
  let passwords: string[];
  try {
    passwords = findSecrets(module.secretsFile, module.strictModes, user, rule.group);
  } catch (error) {
    if (!(error instanceof SecretsError)) throw error;
    log.write(error.message);
    throw fail('ignoring secrets file', user);
  }
  if (passwords.length === 0) throw fail('secret not found', user);
  if (!isResponseValid(response, challenge, passwords, digest)) {
    throw fail('password mismatch', user);
  }
  const readOnly = rule.access === undefined ? module.readOnly : rule.access === 'ro';
  return { name: user, readOnly };
}

/** The first digest of the client's list that we know: right against every client version. */
function commonDigest(greeting: AgreedGreeting): AuthDigestChoice {
  const digest = chooseAuthDigest(greeting.digests, AUTH_DIGESTS, greeting.protocol);
  if (digest !== undefined) return digest;
  const list = AUTH_DIGESTS.join(' ');
  throw new Refused(`your client does not support one of our daemon-auth checksums: ${list}`);
}

/** Digests are listed strongest first; a floor nobody knows lets nobody in. */
function isStrongEnough(name: string, floor: string): boolean {
  const names: readonly string[] = AUTH_DIGESTS;
  const lowest = names.indexOf(floor.toLowerCase());
  return lowest >= 0 && names.indexOf(name) <= lowest;
}
