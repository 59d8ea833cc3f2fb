import { isIPv4, isIPv6 } from 'node:net';
import { isHostAllowed, plainAddress } from './access.ts';
import { UNDETERMINED } from './host-name.ts';
import type { Peer } from './serve-context.ts';
import { type TextChannel, TextPhaseError } from './text-channel.ts';

/** What every version 2 header begins with. */
const SIGNATURE = '\r\n\r\n\0\r\nQUIT\n';
/** Longest line of version 1 with its end, bytes. */
const MAX_LINE = 107;
/** Longest rest of a version 2 header, bytes. */
const MAX_REST = 216;
/** Family and transport: address bytes of each end. */
const FAMILIES: Readonly<Record<number, number>> = { 17: 4, 33: 16 };

const invalid = (): TextPhaseError => new TextPhaseError('invalid proxy protocol header');

/**
 * Whether a peer may say whom it speaks for: `proxy protocol hosts`, where an empty list is nobody.
 */
export async function isProxyTrusted(peer: Peer, hosts: string): Promise<boolean> {
  const host = { address: peer.address, name: UNDETERMINED };
  return hosts !== '' && isHostAllowed(host, { allow: hosts, deny: '', forwardLookup: false });
}

/**
 * Read a PROXY header of version 1 or 2 (docs/spec/session.md §4.9). Returns the client it names;
 * undefined where it names none and the peer itself counts. Throws `TextPhaseError`.
 */
export async function readProxyHeader(channel: TextChannel): Promise<Peer | undefined> {
  const start = await read(channel, SIGNATURE.length);
  if (start === SIGNATURE) return readBinary(channel);
  if (!start.startsWith('PROXY ')) throw invalid();
  return parseLine(start + (await readRestOfLine(channel, MAX_LINE - start.length)));
}

async function read(channel: TextChannel, count: number): Promise<string> {
  return Buffer.from(await channel.readBytes(count)).toString('latin1');
}

async function readRestOfLine(channel: TextChannel, most: number): Promise<string> {
  let line = '';
  while (!line.endsWith('\n')) {
    if (line.length === most) throw invalid();
    line += await read(channel, 1);
  }
  return line;
}

/** `PROXY TCP4|TCP6 source destination port port CR LF`, or `PROXY UNKNOWN` and anything. */
function parseLine(line: string): Peer | undefined {
  if (!line.endsWith('\r\n')) throw invalid();
  const [, family, ...fields] = line.slice(0, -2).split(' ');
  if (family === 'UNKNOWN') return undefined;
  const [source = '', destination = '', sourcePort, destinationPort, ...more] = fields;
  const isAddress = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isIPv6 : () => false;
  if (!isAddress(source) || !isAddress(destination) || more.length > 0) throw invalid();
  const [port, other] = [sourcePort, destinationPort].map(parsePort);
  if (!port || !other) throw invalid();
  return { address: plainAddress(source), port };
}

/** 0, which no connection has, for what is not a port. */
function parsePort(text: string | undefined): number {
  const port = /^\d{1,5}$/.test(text ?? '') ? Number(text) : 0;
  return port <= 0xffff ? port : 0;
}

/** Command, family, length, both addresses, both ports; big-endian. */
async function readBinary(channel: TextChannel): Promise<Peer | undefined> {
  const head = Buffer.from(await channel.readBytes(4));
  const [command, family = 0] = head;
  const length = head.readUInt16BE(2);
  if ((command !== 0x21 && command !== 0x20) || length > MAX_REST) throw invalid();
  const rest = Buffer.from(await channel.readBytes(length));
  const size = FAMILIES[family];
  if (command === 0x20 || size === undefined) return undefined;
  if (length !== 2 * size + 4) throw invalid();
  const address = size === 4 ? [...rest.subarray(0, 4)].join('.') : ipv6Text(rest);
  return { address: plainAddress(address), port: rest.readUInt16BE(2 * size) };
}

/** The shortest form, as the system would give it. */
function ipv6Text(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16));
  const text = new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(text);
  return mapped ? [...bytes.subarray(12, 16)].join('.') : text;
}
