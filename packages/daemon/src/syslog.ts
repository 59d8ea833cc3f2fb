import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { bytesToText } from '@deltawire/protocol';

/** Numbers of `syslog facility` (RFC 5424, table 1). */
const FACILITIES: readonly string[] = [
  ...['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron'],
  ...['authpriv', 'ftp', 'ntp', 'audit', 'alert', 'clock'],
  ...Array.from({ length: 8 }, (_, i) => `local${i}`),
];
const DAEMON = 3;
const WARNING = 4;
const INFO = 6;

/** Where the system's log takes datagrams, which Node cannot send: `logger` does. */
const SOCKET = '/dev/log';

/** An open way to the system's log. */
export interface Syslog {
  /** One line; a byte string. */
  write(text: string): void;
  close(): void;
}

/** The priority of a line: the facility, and whether it tells of something gone wrong. @internal */
export function syslogPriority(facility: string, text: string): number {
  const known = FACILITIES.indexOf(
    facility.toLowerCase() === 'security' ? 'auth' : facility.toLowerCase(),
  );
  const severity = /^rsync(:| error:)/.test(text) ? WARNING : INFO;
  return (known < 0 ? DAEMON : known) * 8 + severity;
}

/** Open the system's log; undefined where there is none. Also works after this process gave up being root. */
export function openSyslog(facility: string, tag: string): Syslog | undefined {
  if (!existsSync(SOCKET)) return undefined;
  const args = ['-t', bytesToText(tag), `--id=${process.pid}`, '--prio-prefix'];
  const child = spawn('logger', args, { stdio: ['pipe', 'ignore', 'ignore'] });
  // Nobody could be told that the log is not there.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.unref();
  return {
    write(text) {
      child.stdin.write(`<${syslogPriority(facility, text)}>${text}\n`, 'latin1');
    },
    close() {
      child.stdin.end();
    },
  };
}
