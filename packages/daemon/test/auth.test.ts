import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goldenFile } from '@deltawire/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import {
  createChallenge,
  findSecrets,
  isResponseValid,
  matchAuthRule,
  parseAuthUsers,
} from '../src/auth.ts';

describe('auth users', () => {
  test('are split on spaces and commas, or on commas only', () => {
    const patterns = (list: string): string[] => parseAuthUsers(list).map((rule) => rule.pattern);
    expect(patterns('alice, bob  carol')).toEqual(['alice', 'bob', 'carol']);
    expect(patterns(', alice smith, bob')).toEqual(['alice smith', 'bob']);
  });

  test('have options', () => {
    const access = (entry: string): unknown => parseAuthUsers(entry)[0]?.access;
    expect([access('a:DENY'), access('a:ro'), access('a:rw'), access('a:x'), access('a')]).toEqual([
      'deny',
      'ro',
      'rw',
      undefined,
      undefined,
    ]);
  });

  test('the first rule that matches decides', () => {
    const rules = parseAuthUsers('bob:deny @staff:rw a*:ro');
    const groups = (user: string): string[] => (user === 'amy' ? ['staff'] : []);
    expect(matchAuthRule(rules, 'bob', groups)).toEqual({ access: 'deny', group: undefined });
    expect(matchAuthRule(rules, 'amy', groups)).toEqual({ access: 'rw', group: 'staff' });
    expect(matchAuthRule(rules, 'alice', groups)).toEqual({ access: 'ro', group: undefined });
    expect(matchAuthRule(rules, 'zoe', groups)).toBeUndefined();
  });
});

describe('secrets file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'secrets-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const file = (text: string, mode = 0o600): string => {
    const path = join(directory, `s${Math.random()}`);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  const text = '#alice:no\nalice:first:with colon\nalice:second\n@staff:group\n';

  test('the first line of a name, then its group', () => {
    expect(findSecrets(file(text), true, 'alice', undefined)).toEqual(['first:with colon']);
    expect(findSecrets(file(text), true, 'alice', 'staff')).toEqual(['first:with colon', 'group']);
    expect(findSecrets(file(text), true, 'zoe', 'staff')).toEqual(['group']);
    expect(findSecrets(file(text), true, 'zoe', undefined)).toEqual([]);
  });

  test('must be closed to others, unless modes are not strict', () => {
    expect(() => findSecrets(file(text, 0o604), true, 'alice', undefined)).toThrow('strict modes');
    expect(findSecrets(file(text, 0o604), false, 'alice', undefined)).toHaveLength(1);
    expect(() => findSecrets('/no/such', true, 'alice', undefined)).toThrow('no secrets file');
  });
});

describe('challenge and response', () => {
  test('challenges are as long as their digest', () => {
    const lengths = (['sha512', 'sha256', 'sha1', 'md5', 'md4'] as const).map(
      (digest) => createChallenge({ digest, oldMd4: false }).length,
    );
    expect(lengths).toEqual([86, 43, 27, 22, 22]);
  });

  test.each([
    ['daemon-auth-sha512', 'sha512', false],
    ['daemon-auth-raw-sha256', 'sha256', false],
    ['daemon-auth-raw-sha1', 'sha1', false],
    ['daemon-auth-raw-md5', 'md5', false],
    ['daemon-auth-raw-md4', 'md4', false],
    ['daemon-auth-raw-nolist31', 'md5', false],
    ['daemon-auth-raw-nolist30', 'md5', false],
    ['daemon-auth-raw-nolist29', 'md4', true],
    ['daemon-auth-raw-list29', 'md4', false],
  ] as const)('%s is right, and wrong for another password', (session, digest, oldMd4) => {
    const challenge = /AUTHREQD (\S+)\n/.exec(goldenFile(session, 's2c.bin').toString('latin1'));
    const answer = /\nalice (\S+)\n/.exec(goldenFile(session, 'c2s.bin').toString('latin1'));
    const valid = (passwords: string[]): boolean =>
      isResponseValid(answer?.[1] ?? '', challenge?.[1] ?? '', passwords, { digest, oldMd4 });
    expect(valid(['looking-glass', 'wonderland'])).toBe(true);
    expect(valid(['wonderlanD'])).toBe(false);
    expect(valid([])).toBe(false);
  });
});
