import { describe, expect, test } from 'vitest';
import { isHostAllowed, plainAddress } from '../src/access.ts';

const allowed = (
  address: string,
  rules: { allow?: string; deny?: string; forwardLookup?: boolean },
  name = 'UNDETERMINED',
): Promise<boolean> =>
  isHostAllowed({ address, name }, { allow: '', deny: '', forwardLookup: true, ...rules });

test('IPv4-mapped addresses are IPv4', () => {
  expect(plainAddress('::ffff:127.0.0.1')).toBe('127.0.0.1');
  expect(plainAddress('::1')).toBe('::1');
});

describe('the two lists', () => {
  test.each([
    [{}, true],
    [{ allow: '10.0.0.1' }, true],
    [{ allow: '10.0.0.2' }, false],
    [{ deny: '10.0.0.1' }, false],
    [{ deny: '10.0.0.2' }, true],
    [{ allow: '10.0.0.1', deny: '*' }, true],
    [{ allow: '10.0.0.2', deny: '10.0.0.3' }, true],
    [{ allow: '10.0.0.2', deny: '10.0.0.1' }, false],
  ])('%j', async (rules, expected) => {
    expect(await allowed('10.0.0.1', rules)).toBe(expected);
  });
});

describe('tokens', () => {
  test.each([
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['10.1.2.3', '10.1.0.0/255.255.0.0', true],
    ['10.1.2.3', '0.0.0.0/0', true],
    ['10.1.2.3', '10.0.0.0/33', false],
    ['10.1.2.3', '10.0.0.0/x', false],
    ['10.1.2.3', 'a,b 10.1.2.3\tc', true],
    ['2001:db8::5', '2001:db8::/32', true],
    ['2001:db9::5', '2001:db8::/32', false],
    ['2001:db8::5', '2001:DB8:0:0::5', true],
    ['2001:db8::5', '::/0', true],
    ['10.1.2.3', '::/0', false],
    ['fe80::1%eth0', 'fe80::1%eth0', true],
    ['fe80::1%eth0', 'fe80::1%eth1', false],
    ['fe80::1%eth0', 'fe80::1', true],
    ['fe80::1%eth0', 'fe80::%eth0/64', true],
    ['fe80::1%eth0', 'fe80::%eth1/64', false],
    ['fe80::1%eth0', 'fe80::%eth0/ffff:ffff:ffff:ffff::', true],
    ['2001:db8:1::5', '2001:db8::/ffff:ffff::', true],
    ['2001:db9::5', '2001:db8::/ffff:ffff::', false],
    ['2001:db8::5', '2001:db8::/129', false],
    ['::ffff:10.1.2.3', '::ffff:10.1.2.3', true],
    ['10.1.2.3', '*', true],
  ])('%s in "%s": %s', async (address, allow, expected) => {
    expect(await allowed(address, { allow, forwardLookup: false })).toBe(expected);
  });

  test('names match with wildcards, whatever their case', async () => {
    expect(await allowed('10.0.0.1', { allow: '*.Example.org' }, 'A.example.ORG')).toBe(true);
    expect(await allowed('10.0.0.1', { allow: '*.example.org' }, 'a.example.com')).toBe(false);
  });

  test('plain names are resolved', async () => {
    expect(await allowed('127.0.0.1', { allow: 'localhost' })).toBe(true);
    expect(await allowed('127.0.0.1', { allow: 'localhost', forwardLookup: false })).toBe(false);
  });

  test('what does not resolve fails closed', async () => {
    expect(await allowed('10.0.0.1', { deny: 'no.such.invalid' })).toBe(false);
    expect(await allowed('10.0.0.1', { allow: 'no.such.invalid' })).toBe(false);
    expect(await allowed('10.0.0.1', { deny: '@netgroup' })).toBe(false);
  });
});
