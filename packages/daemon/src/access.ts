import { lookup } from 'node:dns/promises';
import { BlockList, isIPv4, isIPv6 } from 'node:net';
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

/** Addresses are equal when a list with the one holds the other; `fe80::1%eth0` needs its scope. */
function sameAddress(rule: string, address: string): boolean {
  const [ruleAddress = '', ruleScope] = rule.split('%');
  const [plain = '', scope] = address.toLowerCase().split('%');
  if (ruleScope !== undefined && ruleScope !== scope) return false;
  return inNetwork(plain, ruleAddress, isIPv4(ruleAddress) ? '32' : '128');
}

/** A malformed mask matches nothing; `/0` matches every address of its family. */
function inNetwork(address: string, network: string, mask: string): boolean {
  const plain = address.split('%')[0] ?? '';
  if (isIPv4(network)) {
    const bits = ipv4Mask(mask);
    if (bits === undefined || !isIPv4(plain)) return false;
    return ((ipv4Number(plain) ^ ipv4Number(network)) & bits) === 0;
  }
  const bits = Number(mask);
  if (!isIPv6(network) || !isIPv6(plain) || !/^\d+$/.test(mask) || bits > 128) return false;
  if (bits === 0) return true;
  const list = new BlockList();
  list.addSubnet(network, bits, 'ipv6');
  return list.check(plain, 'ipv6');
}

/** `24` or `255.255.255.0` as 32 bits. */
function ipv4Mask(mask: string): number | undefined {
  if (isIPv4(mask)) return ipv4Number(mask);
  if (!/^\d+$/.test(mask) || Number(mask) > 32) return undefined;
  return Number(mask) === 0 ? 0 : -1 << (32 - Number(mask));
}

const ipv4Number = (address: string): number =>
  address.split('.').reduce((value, byte) => (value << 8) | Number(byte), 0);
