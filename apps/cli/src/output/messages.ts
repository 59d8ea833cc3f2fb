import { bytesToText, exitCodeText, textToBytes } from '@deltawire/protocol';

/** Who speaks in an error line. */
export type ErrorRole = 'client' | 'server' | 'sender' | 'Receiver' | 'generator' | 'daemon';

const VANISHED = 24;

/**
 * rsync's last line: `rsync error: TEXT (code N) at deltawire [ROLE=VERSION]`, a warning for files
 * that vanished. Source: docs/spec/data.md §13.7.
 */
export function exitLine(code: number, role: ErrorRole, version: string): string {
  const kind = code === VANISHED ? 'warning' : 'error';
  return `rsync ${kind}: ${exitCodeText(code)} (code ${code}) at deltawire [${role}=${version}]\n`;
}

/** Beginnings of texts that say themselves who speaks, or that rsync prints bare. */
const SELF_CONTAINED = /^(?:rsync[: ]|@ERROR|ERROR|deltawire[: ])/;

/** What the command line needs to know about a failure. */
export interface Failure {
  /** A byte string of whole lines, or empty when everything has been said. */
  readonly text: string;
  readonly exitCode: number;
  readonly code: string;
}

/** Words that Node's codes for failed system calls deserve, and what to do about them. */
const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'No space left on device: free some, or copy less with --exclude or --max-size.',
  EDQUOT: 'Disk quota exceeded: free some space, or copy less with --exclude or --max-size.',
  EACCES: 'Permission denied: run as a user who may, or leave the file out with --exclude.',
  EMFILE: 'Too many open files: raise the limit with ulimit -n.',
};

const EXIT_FILE_IO = 11;
const EXIT_CRASH = 14;

/** Turn whatever a run threw into text and an exit code. */
export function describeFailure(error: unknown, role: ErrorRole): Failure {
  if (!(error instanceof Error)) {
    return {
      text: `rsync: [${role}] ${messageBytes(String(error))}\n`,
      exitCode: EXIT_CRASH,
      code: 'INTERNAL',
    };
  }
  const details = error as Error & { exitCode?: unknown; code?: unknown; syscall?: unknown };
  const code = typeof details.code === 'string' ? details.code : 'INTERNAL';
  const message = messageBytes(error.message);
  if (typeof details.exitCode === 'number') {
    return { text: errorText(message, error.name, code, role), exitCode: details.exitCode, code };
  }
  const hint = HINTS[code];
  if (typeof details.syscall === 'string') {
    return {
      text: `rsync: [${role}] ${message}\n${hint ? `${hint}\n` : ''}`,
      exitCode: EXIT_FILE_IO,
      code,
    };
  }
  // A defect of ours: the stack is what a report needs.
  const stack = messageBytes(error.stack ?? error.message);
  return { text: `rsync: [${role}] internal error: ${stack}\n`, exitCode: EXIT_CRASH, code };
}

/** The one text that rsync signs at its end. */
const CLOSED = 'connection unexpectedly closed';

/** Codes of errors whose texts stand for themselves. */
const BARE: ReadonlySet<string> = new Set([
  'USAGE',
  'BATCH',
  'COPY_AS',
  'BATCH_MISMATCH',
  'UNKNOWN_CHARSET',
  'CHECKSUM_REFUSED',
  'COMPRESSOR_REFUSED',
  'NO_COMMON_CHECKSUM',
  'NO_COMMON_COMPRESSOR',
  'PROXY',
  'BAD_BACKUP_DIR',
  'BAD_TEMP_DIR',
  'PROTOCOL_MISMATCH',
  'PROTOCOL_TOO_OLD',
  'STOP_AT',
  'IO_TIMEOUT',
]);

/** Texts for a mistake in the command line stand for themselves; others name the speaker. */
function errorText(message: string, name: string, code: string, role: ErrorRole): string {
  // The peer has told why it ended the run.
  if (message === '' || code === 'REMOTE_EXIT') return '';
  if (message.startsWith(CLOSED)) return `rsync: ${message} [${role}]\n`;
  const bare =
    name === 'OptionError' ||
    (name === 'FilterError' && code !== 'FILE') ||
    BARE.has(code) ||
    SELF_CONTAINED.test(message);
  return `${bare ? '' : `rsync: [${role}] `}${message}${message.endsWith('\n') ? '' : '\n'}`;
}

/**
 * An error's message as a byte string. Messages about names carry byte strings, others text; bytes
 * that make valid UTF-8 are taken for what they are.
 */
function messageBytes(message: string): string {
  if (!/[\u0080-\uffff]/.test(message)) return message;
  const isBytes = !/[\u0100-\uffff]/.test(message) && !bytesToText(message).includes('\ufffd');
  return isBytes ? message : textToBytes(message);
}
