import type { Server, Socket } from 'node:net';
import { errnoText, systemError } from './errno.ts';
import { bindOrNothing, type CType, cLibrary } from './native.ts';

/** One option as setsockopt(2) takes it. `fixed`: the name has the value in it. */
interface Known {
  readonly level: number;
  readonly option: number;
  readonly fixed?: number;
}

const BSD = process.platform === 'darwin';
const SOL_SOCKET = BSD ? 0xffff : 1;
const IPPROTO_IP = 0;
const IPPROTO_TCP = 6;
const IP_TOS = BSD ? 3 : 1;
/** Linux on POWER numbers four of them differently. */
const MOVED = process.platform === 'linux' && process.arch === 'ppc64' ? 2 : 0;

const socketLevel = (linux: number, bsd: number): Known => ({
  level: SOL_SOCKET,
  option: BSD ? bsd : linux,
});

/** The options that rsync knows. */
const KNOWN: ReadonlyMap<string, Known> = new Map([
  ['SO_KEEPALIVE', socketLevel(9, 0x8)],
  ['SO_REUSEADDR', socketLevel(2, 0x4)],
  ['SO_BROADCAST', socketLevel(6, 0x20)],
  ['TCP_NODELAY', { level: IPPROTO_TCP, option: 1 }],
  ['IPTOS_LOWDELAY', { level: IPPROTO_IP, option: IP_TOS, fixed: 0x10 }],
  ['IPTOS_THROUGHPUT', { level: IPPROTO_IP, option: IP_TOS, fixed: 0x08 }],
  ['SO_SNDBUF', socketLevel(7, 0x1001)],
  ['SO_RCVBUF', socketLevel(8, 0x1002)],
  ['SO_SNDLOWAT', socketLevel(19 - MOVED, 0x1003)],
  ['SO_RCVLOWAT', socketLevel(18 - MOVED, 0x1004)],
  ['SO_SNDTIMEO', socketLevel(21 - MOVED, 0x1005)],
  ['SO_RCVTIMEO', socketLevel(20 - MOVED, 0x1006)],
]);

interface Functions {
  readonly setsockopt: (
    fd: number,
    level: number,
    option: number,
    value: Int32Array,
    bytes: number,
  ) => number;
}

const SIGNATURES: Readonly<Record<keyof Functions, readonly CType[]>> = {
  setsockopt: ['i32', 'i32', 'i32', 'pointer', 'u32', 'i32'],
};

/**
 * Set the options of a list as `--sockopts` takes it: `NAME` or `NAME=NUMBER`, separated by commas or
 * blanks. Returns what did not work, one line each in rsync's words, which name the `role`.
 */
export function setSocketOptions(socket: Socket | Server, list: string, role: string): string[] {
  const problems: string[] = [];
  for (const item of list.split(/[ \t,]+/)) {
    if (item === '') continue;
    const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(item)!;
    const known = KNOWN.get(name);
    if (known === undefined) {
      problems.push(`Unknown socket option ${name}`);
      continue;
    }
    if (known.fixed !== undefined && value !== undefined) {
      problems.push(`syntax error -- ${name} does not take a value`);
    }
    const number = known.fixed ?? (value === undefined ? 1 : Number.parseInt(value, 10) || 0);
    try {
      setOption(socket, name, known, number);
    } catch (error) {
      problems.push(`rsync: [${role}] failed to set socket option ${name}: ${errnoText(error)}`);
    }
  }
  return problems;
}

function setOption(socket: Socket | Server, name: string, known: Known, value: number): void {
  // Node remembers these two, and sets them without native calls.
  const connection = 'setNoDelay' in socket ? socket : undefined;
  if (name === 'TCP_NODELAY' && connection) connection.setNoDelay(value !== 0);
  else if (name === 'SO_KEEPALIVE' && connection) connection.setKeepAlive(value !== 0);
  else setNatively(socket, known, value);
}

function setNatively(socket: Socket | Server, { level, option }: Known, value: number): void {
  const library = cLibrary();
  const functions = library && bindOrNothing<Functions>(library, SIGNATURES);
  const fd = descriptorOf(socket);
  if (!library || !functions || fd === undefined) {
    throw Object.assign(new Error('ENOSYS'), { code: 'ENOSYS', errno: -38 });
  }
  const result = functions.setsockopt(fd, level, option, Int32Array.of(value), 4);
  if (result !== 0) throw systemError(library.errno(), 'setsockopt', `fd ${fd}`);
}

/** Node has no public way to a socket's descriptor; without it the option is said to have failed. */
function descriptorOf(socket: Socket | Server): number | undefined {
  const fd = (socket as { _handle?: { fd?: unknown } | null })._handle?.fd;
  return typeof fd === 'number' && fd >= 0 ? fd : undefined;
}
