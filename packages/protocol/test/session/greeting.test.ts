import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AUTH_DIGESTS,
  authResponse,
  chooseAuthDigest,
  encodeBase64NoPad,
  formatGreeting,
  formatModuleLine,
  negotiateGreeting,
  parseAuthResponse,
  parseDaemonLine,
  parseDaemonRequest,
  parseGreeting,
} from '../../src/index.ts';
import { loadVectors } from '../vectors.ts';

test('our greeting is the one of rsync 3.5.0', () => {
  expect(formatGreeting(32)).toBe('@RSYNCD: 32.0 sha512 sha256 sha1 md5 md4\n');
  expect(formatGreeting(29, ['md5'])).toBe('@RSYNCD: 29.0 md5\n');
});

describe('parseGreeting()', () => {
  test('understands what was sent', () => {
    expect(parseGreeting(formatGreeting(32).trimEnd())).toEqual({
      protocol: 32,
      sub: 0,
      digests: [...AUTH_DIGESTS],
    });
    expect(parseGreeting('@RSYNCD: 29')).toEqual({ protocol: 29, sub: 0, digests: undefined });
    expect(parseGreeting('@RSYNCD: 31.7')).toEqual({ protocol: 31, sub: 7, digests: undefined });
  });

  test.each([
    ['@RSYNCD:31.0', 31],
    ['@RSYNCD:\t 29', 29],
    ['@RSYNCD: +29', 29],
    ['@RSYNCD: -1', 0],
    [`@RSYNCD: ${'9'.repeat(400)}.0 md5`, 2 ** 31 - 1],
  ])('%j as rsync does it', (line, protocol) => {
    expect(parseGreeting(line).protocol).toBe(protocol);
  });

  test.each([
    ['hello', 'protocol startup error'],
    ['@RSYNCD: x', 'protocol startup error'],
    ['', 'protocol startup error'],
    ['@RSYNCD: 30', 'your client omitted the subprotocol value: @RSYNCD: 30'],
    ['@RSYNCD: 32.0', 'your client omitted the digest name list: @RSYNCD: 32.0'],
  ])('refuses %j', (line, message) => {
    expect(() => parseGreeting(line)).toThrow(expect.objectContaining({ message, exitCode: 5 }));
  });
});

test.each([
  [32, '32.0 md5', 32],
  [32, '31.0', 31],
  [32, '31.7', 30],
  [32, '32.7 md5', 31],
  [29, '32.0 md5', 29],
  [32, '40.0 md5', 32],
  [32, '25', 25],
])('%i and "%s" speak %i', (ours, theirs, protocol) => {
  expect(negotiateGreeting(ours, parseGreeting(`@RSYNCD: ${theirs}`))).toBe(protocol);
});

describe('passwords', () => {
  test('choice of the digest', () => {
    const all = [...AUTH_DIGESTS];
    const choice = (digest: string, oldMd4 = false): unknown => ({ digest, oldMd4 });
    expect(chooseAuthDigest(all, ['md5', 'sha256'], 32)).toEqual(choice('sha256'));
    expect(chooseAuthDigest(['md5', 'sha256'], all, 32)).toEqual(choice('md5'));
    expect(chooseAuthDigest(all, undefined, 30)).toEqual(choice('md5'));
    expect(chooseAuthDigest(undefined, all, 29)).toEqual(choice('md4', true));
    expect(chooseAuthDigest(all, ['md4'], 29)).toEqual(choice('md4'));
    expect(chooseAuthDigest(all, ['sha3'], 32)).toBeUndefined();
  });

  const vectors = loadVectors<{ auth: [string, string, string, string][] }>('golden/vectors.json');
  test.each(vectors.auth.filter(([name]) => !name.startsWith('md4')))(
    'response with %s, password %j',
    (name, password, challenge, response) => {
      const hash = (message: Uint8Array): Uint8Array =>
        new Uint8Array(createHash(name).update(message).digest());
      const secret = new TextEncoder().encode(password);
      expect(authResponse(hash, secret, challenge)).toBe(response);
    },
  );

  test('old MD4 hashes four zero bytes first', () => {
    const seen: Uint8Array[] = [];
    const hash = (message: Uint8Array): Uint8Array => {
      seen.push(message);
      return Uint8Array.of(1);
    };
    authResponse(hash, Uint8Array.of(0x70), 'ab', { oldMd4: true });
    authResponse(hash, Uint8Array.of(0x70), 'ab');
    expect(seen.map((message) => [...message])).toEqual([
      [0, 0, 0, 0, 0x70, 0x61, 0x62],
      [0x70, 0x61, 0x62],
    ]);
  });

  test('the answer of a client', () => {
    expect(parseAuthResponse('alice kAFQ')).toEqual({ user: 'alice', response: 'kAFQ' });
    expect(parseAuthResponse('alice a b')).toEqual({ user: 'alice', response: 'a b' });
    expect(parseAuthResponse('alice')).toBeUndefined();
  });

  test('base64 without padding', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        const expected = Buffer.from(data).toString('base64').replaceAll('=', '');
        expect(encodeBase64NoPad(data)).toBe(expected);
      }),
    );
  });
});

test('module lines', () => {
  expect(formatModuleLine('pub', 'public files')).toBe('pub            \tpublic files\n');
  expect(formatModuleLine('a-name-of-some-length', '')).toBe('a-name-of-some-length\t\n');
});

test.each([
  ['@RSYNCD: OK', { kind: 'ok' }],
  ['@RSYNCD: EXIT', { kind: 'exit' }],
  ['@RSYNCD: AUTHREQD x+/y', { kind: 'auth', challenge: 'x+/y' }],
  ["@ERROR: Unknown module 'x'", { kind: 'error', text: "Unknown module 'x'" }],
  ['@ERROR', { kind: 'error', text: '@ERROR' }],
  ['pub            \tpublic', { kind: 'text', text: 'pub            \tpublic' }],
  ['', { kind: 'text', text: '' }],
])('a daemon says %j', (line, meaning) => {
  expect(parseDaemonLine(line)).toEqual(meaning);
});

describe('parseDaemonRequest()', () => {
  test.each([
    ['', { kind: 'list' }],
    ['#list', { kind: 'list' }],
    ['pub', { kind: 'module', name: 'pub' }],
    ['#early_input=5120', { kind: 'early-input', length: 5120 }],
  ])('understands %j', (line, request) => {
    expect(parseDaemonRequest(line)).toEqual(request);
  });

  test.each([
    ['#frob', "Unknown command '#frob'"],
    ['#early_input=0', 'invalid early_input length'],
    ['#early_input=5121', 'invalid early_input length'],
    ['#early_input=x', 'invalid early_input length'],
    ['#early_input=-1', 'invalid early_input length'],
  ])('refuses %j', (line, message) => {
    expect(() => parseDaemonRequest(line)).toThrow(
      expect.objectContaining({ message, exitCode: 5 }),
    );
  });
});
