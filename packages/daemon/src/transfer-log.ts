import { localTimeText } from '@deltawire/protocol';
import type { TransferEvent } from '@deltawire/transfer';

/** What the escapes of `log format` say about a connection; byte strings. */
export interface LogSubject {
  readonly host: string;
  readonly address: string;
  readonly module: string;
  readonly modulePath: string;
  /** '' for an anonymous user. */
  readonly user: string;
  readonly operation: 'send' | 'recv';
}

type Transferred = Extract<TransferEvent, { kind: 'transferred' }>;

/**
 * One line of `transfer logging` (docs/spec/session.md §11.3). `%-10f` pads and `%'l` groups
 * digits; an escape that is not known stays as it is.
 */
export function formatTransferLine(
  format: string,
  event: Transferred,
  subject: LogSubject,
): string {
  return format.replaceAll(/%(-?)(\d*)('?)([a-zA-Z%])/g, (whole, left, width, group, letter) => {
    const value = escapeValue(letter, event, subject);
    if (value === undefined) return whole;
    const text = typeof value === 'number' ? digits(value, group !== '') : value;
    const size = Number(width || 0);
    return left === '' ? text.padStart(size) : text.padEnd(size);
  });
}

const digits = (value: number, grouped: boolean): string =>
  grouped ? value.toLocaleString('en-US') : String(value);

function escapeValue(letter: string, e: Transferred, s: LogSubject): string | number | undefined {
  switch (letter) {
    case '%':
      return '%';
    case 'a':
      return s.address;
    case 'b':
      return e.bytesSent + e.bytesReceived;
    case 'f':
      return e.name;
    case 'h':
      return s.host;
    case 'l':
      return e.entry.size;
    case 'L':
      return e.entry.linkTarget === '' ? '' : ` -> ${e.entry.linkTarget}`;
    case 'm':
      return s.module;
    case 'M':
      return localTimeText(e.entry.mtime, '-');
    case 'n':
      return e.name;
    case 'o':
      return s.operation;
    case 'p':
      return process.pid;
    case 'P':
      return s.modulePath;
    case 't':
      return localTimeText(Date.now() / 1000);
    case 'u':
      return s.user;
    case 'U':
      return e.entry.uid;
    case 'G':
      return e.entry.gid;
    default:
      return undefined;
  }
}
