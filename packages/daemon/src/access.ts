import { lookup } from 'node:dns/promises';
import { isIPv4, isIPv6 } from 'node:net';
import { wildmatch } from '@deltawire/filters';

/** Who is at the other end; `name` is `UNDETERMINED` or `UNKNOWN` where no name was found. */
export interface PeerHost {
  /** IPv4-mapped addresses already shortened to IPv4. */
  readonly address: string;
  readonly name: string;
}

/** The rules of a module. */
export interface HostRules {
  /** `hosts allow`; '' when not set. */
  readonly allow: string;
  readonly deny: string;
  /** Whether plain names in the lists are resolved. */
  readonly forwardLookup: boolean;
}

type Outcome = 'match' | 'no-match' | 'unresolved';

/** IPv4 inside an IPv6 socket is IPv4. */
export const plainAddress = (address: string): string =>
  address.toLowerCase().startsWith('::ffff:') && isIPv4(address.slice(7))
    ? address.slice(7)
    : address;

/**
 * Whether the lists let a host in (docs/spec/session.md §11.4). Names that cannot be resolved
 * fail closed: they match a deny list and no allow list.
 */
export async function isHostAllowed(host: PeerHost, rules: HostRules): Promise<boolean> {
  if (rules.allow !== '') {
    if (await matchesList(rules.allow, host, rules, false)) return true;
    if (rules.deny === '') return false;
  }
  return rules.deny === '' || !(await matchesList(rules.deny, host, rules, true));
}

async function matchesList(
  list: string,
  host: PeerHost,
  rules: HostRules,
  unresolved: boolean,
): Promise<boolean> {
  for (const token of list.toLowerCase().split(/[ ,\t]+/)) {
    if (token === '') continue;
    const outcome = await matchToken(token, host, rules.forwardLookup);
    if (outcome === 'match' || (outcome === 'unresolved' && unresolved)) return true;
  }
  return false;
}

async function matchToken(token: string, host: PeerHost, resolve: boolean): Promise<Outcome> {
  // Netgroups need NIS: never known here, so they fail closed.
  if (token.startsWith('@')) return 'unresolved';
  const slash = token.indexOf('/');
  if (slash >= 0)
    return outcome(inNetwork(host.address, token.slice(0, slash), token.slice(slash + 1)));
  if (isIPv4(token) || isIPv6(token)) return outcome(sameAddress(token, host.address));
  if (wildmatch(token, host.name.toLowerCase())) return 'match';
  if (/[*?[:]/.test(token) || !resolve) return 'no-match';
  return matchName(token, host.address);
}

const outcome = (matches: boolean): Outcome => (matches ? 'match' : 'no-match');

async function matchName(name: string, address: string): Promise<Outcome> {
  try {
    const found = await lookup(name, { all: true });
    return outcome(found.some((entry) => sameAddress(plainAddress(entry.address), address)));
  } catch {
    // Whatever the reason, the name says nothing about the host.
    return 'unresolved';
  }
}

const sameAddress = (rule: string, address: string): boolean =>
  inNetwork(address, rule, isIPv4(rule) ? '32' : '128');

/**
 * A malformed mask matches nothing; `/0` matches every address of its family. A network with a
 * scope (`fe80::%eth0`) is that of one interface.
 */
function inNetwork(address: string, network: string, mask: string): boolean {
  const [plain = '', scope] = address.toLowerCase().split('%');
  const [base = '', wantedScope] = network.split('%');
  if (isIPv4(base)) {
    const bits = ipv4Mask(mask);
    if (bits === undefined || !isIPv4(plain)) return false;
    return ((ipv4Number(plain) ^ ipv4Number(base)) & bits) === 0;
  }
  const bits = ipv6Mask(mask);
  if (bits === undefined || !isIPv6(base) || !isIPv6(plain)) return false;
  if (wantedScope !== undefined && wantedScope !== scope) return false;
  return ((ipv6Number(plain) ^ ipv6Number(base)) & bits) === 0n;
}

/** `64` or `ffff:ffff:ffff:ffff::` as 128 bits. */
function ipv6Mask(mask: string): bigint | undefined {
  if (isIPv6(mask)) return ipv6Number(mask);
  if (!/^\d+$/.test(mask) || Number(mask) > 128) return undefined;
  return ((1n << BigInt(mask)) - 1n) << BigInt(128 - Number(mask));
}

/** The URL parser writes every form of an address in hexadecimal groups. */
function ipv6Number(address: string): bigint {
  const { hostname } = new URL(`http://[${address}]`);
  const [before = '', after] = hostname.slice(1, -1).split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [head, tail] = [groups(before), groups(after ?? '')];
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...(after === undefined ? [] : zeros), ...tail].reduce(
    (value, group) => (value << 16n) | BigInt(`0x${group}`),
    0n,
  );
}

/** `24` or `255.255.255.0` as 32 bits. */
function ipv4Mask(mask: string): number | undefined {
  if (isIPv4(mask)) return ipv4Number(mask);
  if (!/^\d+$/.test(mask) || Number(mask) > 32) return undefined;
  return Number(mask) === 0 ? 0 : -1 << (32 - Number(mask));
}

const ipv4Number = (address: string): number =>
  address.split('.').reduce((value, byte) => (value << 8) | Number(byte), 0);
