import type { Socket } from 'node:net';

/** What rsync knows; the rest of these have no function in Node. */
const KNOWN: readonly string[] = [
  'SO_KEEPALIVE',
  'SO_REUSEADDR',
  'SO_BROADCAST',
  'TCP_NODELAY',
  'IPTOS_LOWDELAY',
  'IPTOS_THROUGHPUT',
  'SO_SNDBUF',
  'SO_RCVBUF',
  'SO_SNDLOWAT',
  'SO_RCVLOWAT',
  'SO_SNDTIMEO',
  'SO_RCVTIMEO',
];

/** `socket options`, understood. */
export interface SocketOptions {
  readonly keepAlive: boolean;
  readonly noDelay: boolean;
  /** What is not going to happen, a line each. */
  readonly warnings: readonly string[];
}

/** Parse a list of `NAME` and `NAME=NUMBER`. Both that can be set are on unless set to 0. */
export function parseSocketOptions(list: string): SocketOptions {
  const assignments = list.split(/[\s,]+/).filter((item) => item !== '');
  const values = new Map<string, boolean>();
  const warnings: string[] = [];
  for (const assignment of assignments) {
    const [name = '', value = '1'] = assignment.split('=');
    values.set(name, Number.parseInt(value, 10) !== 0);
    if (!KNOWN.includes(name)) warnings.push(`Unknown socket option ${name}`);
    else if (name !== 'SO_KEEPALIVE' && name !== 'TCP_NODELAY' && name !== 'SO_REUSEADDR') {
      warnings.push(`socket option ${name} is left to the system`);
    }
  }
  const isOn = (name: string): boolean => values.get(name) ?? true;
  return { keepAlive: isOn('SO_KEEPALIVE'), noDelay: isOn('TCP_NODELAY'), warnings };
}

/** Set on a connection what can be set. */
export function applySocketOptions(socket: Socket, o: SocketOptions): void {
  socket.setKeepAlive(o.keepAlive);
  socket.setNoDelay(o.noDelay);
}
