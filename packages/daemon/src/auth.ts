import { randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { createStrongHash } from '@deltawire/checksums';
import { fsPath } from '@deltawire/filesystem';
import { wildmatch } from '@deltawire/filters';
import { type AuthDigestChoice, authResponse, encodeBase64NoPad } from '@deltawire/protocol';
import { groupNamesOf, splitList } from './identity.ts';

/** What a rule of `auth users` decides: `read only` may be overridden. */
export type AuthAccess = 'deny' | 'ro' | 'rw' | undefined;

/** One entry of `auth users`. */
export interface AuthRule {
  /** Shell wildcards; matched against the user's name or, for a group rule, its groups. */
  readonly pattern: string;
  readonly group: boolean;
  readonly access: AuthAccess;
}

/** Longest line of a secrets file that is looked at, bytes. */
const MAX_SECRET_LINE = 1023;

/** Parse `auth users` (docs/spec/session.md §11.4). */
export function parseAuthUsers(list: string): AuthRule[] {
  return splitList(list).map((entry) => {
    const [name = '', option] = splitOnce(entry, ':');
    const group = name.startsWith('@');
    return { pattern: group ? name.slice(1) : name, group, access: accessOf(option) };
  });
}

/** First letters decide; anything else is ignored. */
function accessOf(option: string | undefined): AuthAccess {
  const text = (option ?? '').toLowerCase();
  if (text.startsWith('d')) return 'deny';
  if (text.startsWith('ro')) return 'ro';
  if (text.startsWith('rw')) return 'rw';
  return undefined;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** The rule that decides about a user, and the group it matched through. */
export interface MatchedRule {
  readonly access: AuthAccess;
  readonly group: string | undefined;
}

/** The first rule that matches a user; undefined when none does. */
export function matchAuthRule(
  rules: readonly AuthRule[],
  user: string,
  groupsOf: (user: string) => readonly string[] = groupNamesOf,
): MatchedRule | undefined {
  let groups: readonly string[] | undefined;
  for (const { pattern, group, access } of rules) {
    if (!group) {
      if (wildmatch(pattern, user)) return { access, group: undefined };
      continue;
    }
    groups ??= groupsOf(user);
    const matched = groups.find((name) => wildmatch(pattern, name));
    if (matched !== undefined) return { access, group: matched };
  }
  return undefined;
}

/** When a secrets file cannot be used; the message goes to the log. */
export class SecretsError extends Error {
  override readonly name: string = 'SecretsError';
}

/**
 * Passwords that `user` may have used: its own line, then that of the group it matched through.
 * The first line of a name counts. Throws `SecretsError` for a file that is missing or, with
 * strict modes, open to others.
 */
export function findSecrets(
  path: string,
  strict: boolean,
  user: string,
  group: string | undefined,
): string[] {
  const lines = secretLines(path, strict);
  const names = group === undefined ? [user] : [user, `@${group}`];
  return names
    .map((name) => lines.find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1))
    .filter((password) => password !== undefined);
}

function secretLines(path: string, strict: boolean): string[] {
  let fd: number;
  try {
    fd = openSync(fsPath(path), 'r');
  } catch (cause) {
    throw new SecretsError('no secrets file', { cause });
  }
  try {
    const stat = fstatSync(fd);
    if (strict && (stat.mode & 0o006) !== 0) {
      throw new SecretsError('secrets file must not be other-accessible (see strict modes option)');
    }
    if (strict && process.getuid?.() === 0 && stat.uid !== 0) {
      throw new SecretsError('secrets file must be owned by root when running as root');
    }
    const lines = readFileSync(fd, 'latin1').split(/\r?\n/);
    return lines.filter((line) => line.length <= MAX_SECRET_LINE && !line.startsWith('#'));
  } finally {
    closeSync(fd);
  }
}

const hashWith =
  ({ digest }: AuthDigestChoice) =>
  (message: Uint8Array): Uint8Array => {
    const hash = createStrongHash(digest);
    hash.update(message);
    return hash.digest();
  };

/** A challenge as long as the digest's own output, as base64 without padding. */
export const createChallenge = (digest: AuthDigestChoice): string =>
  encodeBase64NoPad(hashWith(digest)(randomBytes(64)));

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Whether a response answers the challenge with one of the passwords. */
export function isResponseValid(
  response: string,
  challenge: string,
  passwords: readonly string[],
  digest: AuthDigestChoice,
): boolean {
  const given = latin1(response);
  return passwords.some((password) => {
    const expected = latin1(authResponse(hashWith(digest), latin1(password), challenge, digest));
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
}
