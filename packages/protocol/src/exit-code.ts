/**
 * Exit codes. They are part of the protocol: ERROR_EXIT carries one, and a remote shell hands the
 * server's one to the client.
 *
 * Source: docs/spec/session.md §10.1, docs/spec/data.md §13.7.
 */
export const ExitCode = {
  OK: 0,
  SYNTAX: 1,
  PROTOCOL: 2,
  FILE_SELECT: 3,
  UNSUPPORTED: 4,
  START_CLIENT: 5,
  SOCKET: 10,
  FILE_IO: 11,
  STREAM: 12,
  DIAGNOSTICS: 13,
  IPC: 14,
  CRASHED: 15,
  TERMINATED: 16,
  SIGNAL_USR1: 19,
  SIGNAL: 20,
  WAIT_CHILD: 21,
  MALLOC: 22,
  PARTIAL: 23,
  VANISHED: 24,
  DELETE_LIMIT: 25,
  TIMEOUT: 30,
  CONNECT_TIMEOUT: 35,
  COMMAND_FAILED: 124,
  COMMAND_KILLED: 125,
  COMMAND_RUN: 126,
  COMMAND_NOT_FOUND: 127,
} as const;

const texts: Readonly<Record<number, string>> = {
  1: 'syntax or usage error',
  2: 'protocol incompatibility',
  3: 'errors selecting input/output files, dirs',
  4: 'requested action not supported',
  5: 'error starting client-server protocol',
  10: 'error in socket IO',
  11: 'error in file IO',
  12: 'error in rsync protocol data stream',
  13: 'errors with program diagnostics',
  14: 'error in IPC code',
  15: 'sibling process crashed',
  16: 'sibling process terminated abnormally',
  19: 'received SIGUSR1',
  20: 'received SIGINT, SIGTERM, or SIGHUP',
  21: 'waitpid() failed',
  22: 'error allocating core memory buffers',
  23: 'some files/attrs were not transferred (see previous errors)',
  24: 'some files vanished before they could be transferred',
  25: 'the --max-delete limit stopped deletions',
  30: 'timeout in data send/receive',
  35: 'timeout waiting for daemon connection',
  124: 'remote shell failed',
  125: 'remote shell killed',
  126: 'remote command could not be run',
  127: 'remote command not found',
};

/**
 * The words rsync prints for an exit code in its last line, `rsync error: TEXT (code N) at …`.
 * A code without words is `unexplained error`.
 */
export function exitCodeText(code: number): string {
  return texts[code] ?? 'unexplained error';
}
